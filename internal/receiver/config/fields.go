package config

import (
	"reflect"
	"slices"
	"time"
)

// Fields are the fields that hold a setting each.
func Fields() []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(reflect.TypeFor[Settings]()),
		func(f reflect.StructField) bool { return f.Anonymous })
}

// Names lists the settings by the given struct tag.
func Names(tag string) (names []string) {
	for _, f := range Fields() {
		names = append(names, f.Tag.Get(tag))
	}
	return names
}

// find finds a setting by its name under the given struct tag.
func find(tag, name string) (reflect.StructField, bool) {
	for _, f := range Fields() {
		if f.Tag.Get(tag) == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// Kind is what pflag calls the type of a setting.
func Kind(f reflect.StructField) string {
	switch {
	case f.Type == reflect.TypeFor[time.Duration]():
		return "duration"
	case f.Type.Kind() == reflect.Slice:
		return "strings"
	case f.Type.Kind() == reflect.Int64:
		return "int"
	}
	return f.Type.Kind().String()
}
