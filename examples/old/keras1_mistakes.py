'''Which digits are taken for which: predict_classes, a confusion matrix, a gallery of right and wrong answers.'''
import numpy as np
import matplotlib.pyplot as plt
plt.rcParams['figure.figsize'] = (7, 7)
from sklearn.metrics import classification_report, confusion_matrix
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation
from keras.utils import np_utils

np.random.seed(10)
nb_classes = 10
(X_train, y_train), (X_test, y_test) = mnist.load_data()
print("X_train original shape", X_train.shape)

for i in range(9):
    plt.subplot(3, 3, i + 1)
    plt.imshow(X_train[i], cmap='gray', interpolation='none')
    plt.title("Class {}".format(y_train[i]))
plt.show()

X_train = X_train.reshape(60000, 784).astype('float32') / 255
X_test = X_test.reshape(10000, 784).astype('float32') / 255
Y_train = np_utils.to_categorical(y_train, nb_classes)
Y_test = np_utils.to_categorical(y_test, nb_classes)

model = Sequential()
model.add(Dense(64, input_shape=(784,)))
model.add(Activation('relu'))
model.add(Dropout(0.2))
model.add(Dense(10))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=["accuracy"])
model.fit(X_train, Y_train, batch_size=128, nb_epoch=1, verbose=0, validation_data=(X_test, Y_test))

predicted_classes = model.predict_classes(X_test, verbose=0)
probabilities = model.predict_proba(X_test[:3])
print("First three:", predicted_classes[:3], probabilities.max(axis=1) > 0.5)
correct_indices = np.nonzero(predicted_classes == y_test)[0]
incorrect_indices = np.nonzero(predicted_classes != y_test)[0]
print(len(correct_indices), "right,", len(incorrect_indices), "wrong")

for title, indices in (("right", correct_indices), ("wrong", incorrect_indices)):
    plt.figure(title)
    for i, index in enumerate(indices[:9]):
        plt.subplot(3, 3, i + 1)
        plt.imshow(X_test[index].reshape(28, 28), cmap='gray', interpolation='none')
        plt.title("Predicted {}, Class {}".format(predicted_classes[index], y_test[index]))
plt.show()

print(confusion_matrix(y_test, predicted_classes))
print(classification_report(y_test, predicted_classes))
threes = [i for i in incorrect_indices if y_test[i] == 5 and predicted_classes[i] == 3]
print(len(threes), "fives were taken for threes")
print("Test accuracy: %.4f" % (len(correct_indices) / 10000.))
