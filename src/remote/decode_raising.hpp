// Within the room remote: the messages of a binary COPY to rows of a staging table.
#pragma once

#include <cstdint>

#include "heap/arriving.hpp"
#include "remote/plan_copy.hpp"
#include "shape/tables.hpp"

namespace datasurface::remote {

struct Decoder;

// Opens the staging table of the shape, in the current memory context. Returns nullptr when its columns are not those of the shape.
Decoder *open_decoder(const shape::Shape &shape);
void close_decoder(Decoder &decoder);

ColumnType type_of(const Decoder &decoder, int column);
Base base_of(const Decoder &decoder, int column);
void set_arrival(Decoder &decoder, int column, const Arrival &arrival);

// Reads at most arriving_batch messages. The rows live until the next call. The bytes of the messages are changed.
struct Messages {
    char **bytes;
    const int *sizes;
    int count;
};
heap::ArrivingRows decode(Decoder &decoder, const Messages &messages);

bool has_ended(const Decoder &decoder); // the end of the copy was read
std::int64_t rows_decoded(const Decoder &decoder);

} // namespace datasurface::remote
