package main

import (
	"reflect"
	"slices"
	"time"
)

// settingFields are the fields that hold a setting each.
func settingFields() []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(reflect.TypeFor[config]()), func(f reflect.StructField) bool { return f.Anonymous })
}

// settingNames lists the settings by the given struct tag.
func settingNames(tag string) (names []string) {
	for _, f := range settingFields() {
		names = append(names, f.Tag.Get(tag))
	}
	return names
}

// setting finds a setting by its name under the given struct tag.
func setting(tag, name string) (reflect.StructField, bool) {
	for _, f := range settingFields() {
		if f.Tag.Get(tag) == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// settingKind is what pflag calls the type of a setting.
func settingKind(f reflect.StructField) string {
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
