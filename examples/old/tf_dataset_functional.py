# tf.data and the functional API: images in batches from a dataset, a residual block, an optimizer with a schedule.
import numpy as np
import tensorflow as tf
from tensorflow.keras import Input, Model
from tensorflow.keras.layers import Activation, Add, BatchNormalization, Conv2D, Dense, GlobalAveragePooling2D

SAMPLES = 6000
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = x_train[:SAMPLES, ..., tf.newaxis].astype('float32') / 255
x_test = x_test[:2000, ..., tf.newaxis].astype('float32') / 255
train_ds = tf.data.Dataset.from_tensor_slices((x_train, y_train[:SAMPLES])).shuffle(SAMPLES).batch(50)
test_ds = tf.data.Dataset.from_tensor_slices((x_test, y_test[:2000])).batch(50)

inputs = Input(shape=(28, 28, 1))
x = Conv2D(8, 3, strides=2, padding='same')(inputs)
x = BatchNormalization()(x)
x = Activation('relu')(x)
y = Conv2D(8, 3, padding='same', activation='relu')(x)
x = Add()([x, y])
x = Conv2D(16, 3, strides=2, padding='same', activation='relu')(x)
x = tf.keras.layers.Flatten()(x)
outputs = Dense(10, activation='softmax')(x)
model = Model(inputs=inputs, outputs=outputs)

schedule = tf.keras.optimizers.schedules.ExponentialDecay(0.003, decay_steps=100, decay_rate=0.9)
model.compile(optimizer=tf.keras.optimizers.Adam(learning_rate=schedule),
              loss=tf.keras.losses.SparseCategoricalCrossentropy(), metrics=[tf.keras.metrics.SparseCategoricalAccuracy()])
model.fit(train_ds, epochs=2, validation_data=test_ds, verbose=2)
print('Test accuracy: %.4f' % model.evaluate(test_ds, verbose=0)[1])
