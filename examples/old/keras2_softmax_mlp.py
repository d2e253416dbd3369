# softmax-mlp on numbers drawn at random: compile, fit, evaluate and predict, as in a first lesson.
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, Activation

np.random.seed(5)
x_train = np.random.random((1000, 100))
y_train = keras.utils.to_categorical(np.random.randint(10, size=(1000, 1)), num_classes=10)
x_test = np.random.random((200, 100))
y_test = keras.utils.to_categorical(np.random.randint(10, size=(200, 1)), num_classes=10)

model = Sequential()
model.add(Dense(units=64, input_dim=100))
model.add(Activation("relu"))
model.add(Dense(units=10))
model.add(Activation("softmax"))
model.compile(loss=keras.losses.categorical_crossentropy,
              optimizer=keras.optimizers.SGD(lr=0.01, momentum=0.9, nesterov=True), metrics=['accuracy'])
model.fit(x_train, y_train, epochs=5, batch_size=32)
loss_and_metrics = model.evaluate(x_test, y_test, batch_size=128)
classes = model.predict(x_test, batch_size=128)
print(classes.shape, classes[0].sum())
print('Test accuracy: %.4f' % loss_and_metrics[1])
