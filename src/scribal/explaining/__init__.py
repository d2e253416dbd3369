"""Why a network answers as it does: explanations of one picture, and studies over many.

The room is not called ``explain`` since ``scribal.explain`` is the function, under the same word as the command.
"""
