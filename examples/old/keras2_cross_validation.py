# A network inside scikit-learn: KerasClassifier, cross-validation, a grid of settings, a pipeline.
import numpy
from keras.datasets import mnist
from keras.layers import Dense
from keras.models import Sequential
from keras.wrappers.scikit_learn import KerasClassifier
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

SAMPLES = 1000
numpy.random.seed(7)
(X, Y), (X_test, Y_test) = mnist.load_data()
X, Y = X[:SAMPLES].reshape(-1, 784).astype(float), Y[:SAMPLES]
X_test = X_test.reshape(-1, 784).astype(float)


def create_model(neurons=32, optimizer='adam'):
    model = Sequential()
    model.add(Dense(neurons, input_dim=784, kernel_initializer='uniform', activation='relu'))
    model.add(Dense(10, kernel_initializer='uniform', activation='softmax'))
    model.compile(loss='sparse_categorical_crossentropy', optimizer=optimizer, metrics=['accuracy'])
    return model


estimator = KerasClassifier(build_fn=create_model, epochs=5, batch_size=20, verbose=0)
kfold = KFold(n_splits=3, shuffle=True, random_state=7)
results = cross_val_score(estimator, X / 255, Y, cv=kfold)
print("Baseline: %.2f%% (%.2f%%)" % (results.mean() * 100, results.std() * 100))

grid = GridSearchCV(estimator=KerasClassifier(build_fn=create_model, epochs=3, batch_size=20, verbose=0),
                    param_grid=dict(neurons=[8, 32]), cv=2)
grid_result = grid.fit(X / 255, Y)
print("Best: %f using %s" % (grid_result.best_score_, grid_result.best_params_))

pipeline = make_pipeline(MinMaxScaler(), KerasClassifier(build_fn=create_model, nb_epoch=5, batch_size=20, verbose=0))
pipeline.fit(X, Y)
print('Test accuracy: %.4f' % numpy.mean(pipeline.predict(X_test).ravel() == Y_test))
