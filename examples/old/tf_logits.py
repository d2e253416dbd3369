# TensorFlow 2: outputs without softmax, a loss object that knows it, and a second model around the first for probabilities.
import tensorflow as tf
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense, Flatten, Softmax, Dropout
from tensorflow.keras.losses import SparseCategoricalCrossentropy

tf.random.set_seed(0)
SAMPLES = 12000
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train, y_train, x_test = x_train[:SAMPLES] / 255.0, y_train[:SAMPLES], x_test / 255.0

model = Sequential([Flatten(input_shape=(28, 28)), Dense(64, activation='relu'), Dropout(0.2), Dense(10)])
predictions = model(x_train[:1]).numpy()
print('before training', tf.nn.softmax(predictions).numpy().round(2))
loss_fn = SparseCategoricalCrossentropy(from_logits=True)
print('loss', loss_fn(y_train[:1], predictions).numpy())

model.compile(optimizer='adam', loss=loss_fn, metrics=['accuracy'])
model.fit(x_train, y_train, epochs=2, verbose=2)
loss, accuracy = model.evaluate(x_test, y_test, verbose=2)

probability_model = tf.keras.Sequential([model, Softmax()])
probabilities = probability_model(x_test[:5])
print(tf.argmax(probabilities, axis=1).numpy(), y_test[:5])
matrix = tf.math.confusion_matrix(y_test, tf.argmax(model.predict(x_test), axis=-1))
print(matrix.numpy().trace(), 'of', len(y_test), 'right')
print('Test accuracy: %.4f' % accuracy)
