# Generators of Keras 2: steps instead of samples, normalization by feature, evaluate_generator and predict_generator.
import numpy as np
from keras.datasets import mnist
from keras.layers import Conv2D, Dense, Flatten, GlobalAveragePooling2D, MaxPooling2D, SeparableConv2D
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator
from keras.utils.np_utils import to_categorical

SAMPLES = 3200
np.random.seed(1)
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train[:SAMPLES].reshape((SAMPLES, 28, 28, 1)).astype('float32')
x_test = x_test[:2000].reshape((2000, 28, 28, 1)).astype('float32')
y_train, y_test = to_categorical(y_train[:SAMPLES]), to_categorical(y_test[:2000])

train_gen = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True, width_shift_range=2,
                               shear_range=0.1, horizontal_flip=False, fill_mode='nearest')
test_gen = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
for gen in (train_gen, test_gen):
    gen.fit(x_train)

model = Sequential()
model.add(Conv2D(8, (3, 3), strides=2, activation='relu', input_shape=(28, 28, 1)))
model.add(MaxPooling2D())
model.add(Flatten())
model.add(Dense(10, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])

train_it = train_gen.flow(x_train, y_train, batch_size=64)
test_it = test_gen.flow(x_test, y_test, batch_size=100, shuffle=False)
images, labels = next(train_it)
print(images.shape, labels.shape, 'mean %.1f' % images.mean())
history = model.fit_generator(train_it, steps_per_epoch=len(train_it), epochs=3, validation_data=test_it,
                              validation_steps=len(test_it), workers=1, use_multiprocessing=False, verbose=2)
_, acc = model.evaluate_generator(test_it, steps=len(test_it), verbose=0)
test_it.reset()
answers = model.predict_generator(test_it, steps=len(test_it))
assert abs((answers.argmax(axis=1) == y_test.argmax(axis=1)).mean() - acc) < 1e-3
print('Test accuracy: %.4f' % acc)
