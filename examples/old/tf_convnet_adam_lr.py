# tf.keras with its own learning rate, a callback class, and feature maps from a model of several outputs.
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers, models

SAMPLES = 12000
(training_images, training_labels), (test_images, test_labels) = keras.datasets.mnist.load_data()
training_images = training_images[:SAMPLES].reshape(SAMPLES, 28, 28, 1) / 255.0
training_labels = training_labels[:SAMPLES]
test_images = test_images.reshape(10000, 28, 28, 1) / 255.0


class StopWhenGood(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs={}):
        if logs.get('acc') > 0.99:
            print("\nReached 99% accuracy so cancelling training!")
            self.model.stop_training = True


model = models.Sequential()
model.add(layers.Conv2D(8, (3, 3), activation='relu', input_shape=(28, 28, 1)))
model.add(layers.MaxPooling2D(2, 2))
model.add(layers.Conv2D(8, (3, 3), activation='relu'))
model.add(layers.MaxPooling2D(2, 2))
model.add(layers.Flatten())
model.add(layers.Dense(10, activation='softmax'))
model.compile(optimizer=tf.keras.optimizers.Adam(lr=0.002), loss='sparse_categorical_crossentropy', metrics=['acc'])
history = model.fit(training_images, training_labels, epochs=2, callbacks=[StopWhenGood()], verbose=2)
plt.plot(history.epoch, history.history['acc'])
plt.show()

layer_outputs = [layer.output for layer in model.layers]
activation_model = tf.keras.models.Model(inputs=model.input, outputs=layer_outputs)
f, axarr = plt.subplots(1, 4)
for x in range(0, 4):
    maps = activation_model.predict(test_images[0].reshape(1, 28, 28, 1))[x]
    axarr[x].imshow(maps[0, :, :, 0], cmap='inferno')
    axarr[x].grid(False)
plt.show()

classifications = model.predict(test_images)
print(np.argmax(classifications[0]), test_labels[0])
print('Test accuracy: %.4f' % model.evaluate(test_images, test_labels)[1])
