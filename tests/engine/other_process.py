"""What another process is asked to do; it imports this alone, and neither Keras nor JAX."""

__all__ = ["ask", "train"]


def ask(predictor, questions, answers):
    """Answer each question."""
    answers.put([predictor.predict(inputs) for inputs in questions])


def train(program, inputs, targets, answers):
    """Train on for an epoch, and answer."""
    answers.put((program.train_epoch(inputs, targets).loss, program.predict(inputs)))
