# The data of TensorFlow 1.x's own tutorials, in batches, and train_on_batch.
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

tf.logging.set_verbosity(tf.logging.ERROR)
tf.set_random_seed(1)
mnist = input_data.read_data_sets('MNIST_data/', one_hot=True)
print(mnist.train.num_examples, mnist.validation.num_examples, mnist.test.num_examples)
print(mnist.train.images.shape, mnist.train.labels.shape, mnist.train.images.max())

model = tf.keras.Sequential()
model.add(tf.keras.layers.Reshape((28, 28, 1), input_shape=(784,)))
model.add(tf.keras.layers.Conv2D(8, 5, strides=2, padding='same', activation='relu'))
model.add(tf.keras.layers.Flatten())
model.add(tf.keras.layers.Dense(10, activation=tf.nn.softmax))
model.compile(optimizer=tf.train.AdamOptimizer(0.002), loss='categorical_crossentropy', metrics=['accuracy'])

for step in range(200):
    batch_xs, batch_ys = mnist.train.next_batch(100)
    loss, accuracy = model.train_on_batch(batch_xs, batch_ys)
    if step % 100 == 0:
        print('step %d, loss %.3f, accuracy %.2f' % (step, loss, accuracy))
_, test_accuracy = model.evaluate(mnist.test.images, mnist.test.labels, verbose=0)
print('Test accuracy: %.4f' % test_accuracy)
