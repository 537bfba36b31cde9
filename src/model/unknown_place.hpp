// Private to the model: the mark of a place of which a part could not be read. It may be any place.
#pragma once

namespace datasurface::model {

inline constexpr int unknown_port = 0;

} // namespace datasurface::model
