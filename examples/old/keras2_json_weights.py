# Architecture as JSON, weights in files named as one likes, and a model that is put together again from both.
import os
import numpy
from keras.datasets import mnist
from keras.models import Sequential, model_from_json
from keras.layers import Dense, Dropout
from keras.utils import np_utils

seed = 7
numpy.random.seed(seed)

(X_train, y_train), (X_test, y_test) = mnist.load_data()
num_pixels = X_train.shape[1] * X_train.shape[2]
X_train = X_train.reshape(X_train.shape[0], num_pixels).astype('float32') / 255
X_test = X_test.reshape(X_test.shape[0], num_pixels).astype('float32') / 255
y_train = np_utils.to_categorical(y_train)
y_test = np_utils.to_categorical(y_test)

model = Sequential()
model.add(Dense(32, input_dim=num_pixels, kernel_initializer='normal', activation='relu'))
model.add(Dense(10, kernel_initializer='normal', activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X_train, y_train, epochs=1, batch_size=200, verbose=0)

model_json = model.to_json()
with open("model.json", "w") as json_file:
    json_file.write(model_json)
model.save_weights("model")
model.save_weights("model.hdf5", overwrite=True)
print("Saved model to disk:", sorted(name for name in os.listdir('.') if name.startswith('model')))

json_file = open('model.json', 'r')
loaded_model_json = json_file.read()
json_file.close()
for weights in ("model", "model.hdf5"):
    loaded_model = model_from_json(loaded_model_json)
    loaded_model.load_weights(weights)
    loaded_model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
    score = loaded_model.evaluate(X_test, y_test, verbose=0)
    print("%s: %s %.2f%%" % (weights, loaded_model.metrics_names[0], score[0] * 100))
print('Test accuracy: %.4f' % score[1])
