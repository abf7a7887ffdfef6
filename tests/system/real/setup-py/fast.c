#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *twice(PyObject *self, PyObject *argument) {
    (void)self;
    return PyNumber_Add(argument, argument);
}

static PyMethodDef methods[] = {{"twice", twice, METH_O, "Adds a value to itself."}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", 0, -1, methods, 0, 0, 0, 0};

PyMODINIT_FUNC PyInit__fast(void) { return PyModule_Create(&module); }
