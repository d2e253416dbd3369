# The mean of all ones, where it stands and moved to the left and right, seen by a dense network.
import numpy as np
import matplotlib.pyplot as plt
from keras import models, layers
from keras.datasets import mnist
from keras.utils import to_categorical

SAMPLES = 20000

(train_images, train_labels), (test_images, test_labels) = mnist.load_data()
X, train_labels = train_images[:SAMPLES] / 255.0, train_labels[:SAMPLES]

network = models.Sequential()
network.add(layers.Flatten(input_shape=(28, 28)))
network.add(layers.Dense(1024, activation='relu'))
network.add(layers.Dense(10, activation='softmax'))
network.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['acc'])
network.fit(X, to_categorical(train_labels), epochs=2, batch_size=1024, verbose=2)

one = np.zeros((28, 28))
count = 0
for image, label in zip(X, train_labels):
    if label == 1:
        one += image
        count += 1
one = one / count
plt.imshow(one, cmap='Greys')
plt.colorbar()
plt.show()

images = {'in place': one}
left = np.zeros((28, 28))
left[:, :-1] = one[:, 1:]
images['1 to the left'] = left
right = np.zeros((28, 28))
right[:, 3:] = one[:, :-3]
images['3 to the right'] = right
for name, image in images.items():
    answer = network.predict(np.array([image]))
    print('%s: p(1) = %.3f, answer %d' % (name, answer[0][1], np.argmax(answer)))

test_loss, test_acc = network.evaluate(test_images / 255.0, to_categorical(test_labels), verbose=0)
print('test_acc: %.4f' % test_acc)
print('Test accuracy: %.4f' % test_acc)
