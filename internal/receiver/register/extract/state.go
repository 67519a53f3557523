package extract

import "diaoxiao/internal/receiver/register"

// States are words and codes of states (登记状态). The zero value has none besides those that are built in.
type States struct{ words map[string]register.State }
