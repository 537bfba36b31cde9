// Streams. The row of a stream is the lock that keeps callers apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace datasurface::catalog {

struct Stream {
    int id = 0;
    std::string name;
    int store_id = 0;
    std::optional<int> dataset_id; // one dataset; none: all of the store
    int last_batch = 0;
    std::int64_t generation = 0; // rises by one with each change of the stream, of its batches, and of its definition
    bool has_committed = false;  // a batch, at some time
    bool in_model = true;
};

std::optional<Stream> find_stream(const std::string &name); // in the model or not
std::vector<Stream> streams_of_store(int store_id);         // in the model or not

// Takes the stream's lock, which lasts to the end of the transaction, and returns the row as it is now. Never waits:
// throws 55P03 when somebody else has it. To be called outside savepoints, which would give the lock back.
Stream lock_stream(const Stream &stream);

// Writes last_batch and takes the next generation. False when the row is of another generation than `stream`.
bool advance(Stream &stream);
// The same for a commit, or a check without a batch. Returns its time, which is later than any such time of the stream
// before; none when the row is of another generation.
enum class Checked { batch, without_batch };
std::optional<std::string> advance_checked(Stream &stream, Checked checked);

// A stream of the model, and the largest batch number that it counts as used.
void save_stream(const std::string &name, int store_id, std::optional<int> dataset_id, int last_batch);
// All streams of the store but those named leave the model.
void retire_other_streams(int store_id, const std::vector<std::string> &kept);

} // namespace datasurface::catalog
