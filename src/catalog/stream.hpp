// Streams. A call on a stream locks its row, so only one runs at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "remote/plan_session.hpp"

namespace datasurface::catalog {

struct Stream {
    int id = 0;
    std::string name;
    int store_id = 0;
    std::optional<int> dataset_id; // none: all datasets of the store
    int last_batch = 0;
    std::int64_t generation = 0; // increases by one with each change of the stream, its batches, or its definition
    bool has_committed = false;  // the stream has committed a batch
    bool in_model = true;
    int pulls_to_stage = 0;                      // so many pulls stage all their rows, because an earlier one was odd
    std::optional<remote::Identity> source = {}; // the snapshot of a source that its last commit or check was of
};

std::optional<Stream> find_stream(const std::string &name); // in the model or not
std::vector<Stream> streams_of_store(int store_id);         // in the model or not
std::vector<Stream> streams_with_held_batch(int store_id);
// The newest number of the stream in the model that the dataset belongs to; 0: none was used.
int last_batch_of(int dataset_id, int store_id);

// Locks the stream until the transaction ends, and returns its current row. Never waits: throws 55P03 when another
// transaction has the lock. Call it outside savepoints, because a rollback would release the lock.
Stream lock_stream(const Stream &stream);

// Writes last_batch and increases the generation. False when the row's generation differs from that of `stream`.
bool advance(Stream &stream);
// The same for a commit, or for a check without a batch. Returns its time, which is later than all such times of the stream
// before; none when the generation differs.
enum class Checked { batch, without_batch };
std::optional<std::string> advance_checked(Stream &stream, Checked checked);

// Inserts or updates a stream of the model. last_batch: the largest batch number that it counts as used.
void save_stream(const std::string &name, int store_id, std::optional<int> dataset_id, int last_batch);
// Gives the streams of a store, in the model or not, the names of the store and its datasets.
void rename_streams(int store_id);
// All streams of the store but those named leave the model.
void retire_other_streams(int store_id, const std::vector<std::string> &kept);

} // namespace datasurface::catalog
