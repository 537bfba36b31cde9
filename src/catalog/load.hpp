// First loads in chunks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "ingest/plan_chunks.hpp"
#include "remote/plan_session.hpp"

namespace datasurface::catalog {

struct Load {
    int dataset_id = 0;
    std::string rows_digest;
    std::optional<ingest::CutBy> cut_by = {};
    bool null_keys = false;
    std::int64_t chunk_rows = 0;
    bool has_begun = false;
    bool has_failed = false;
    std::optional<remote::Identity> source = {};
};

struct Chunk {
    int number = 0;
    ingest::Range range;
    std::optional<std::int64_t> expected;
    bool is_exact = false;
};

// Of these datasets, those whose chunks are all loaded.
std::vector<int> complete_loads(const std::vector<int> &dataset_ids);
// Of these datasets, those whose last attempt has failed, the oldest first.
std::vector<int> failed_loads(const std::vector<int> &dataset_ids);
std::optional<Load> find_load(int dataset_id);
std::optional<Error> failure_of_load(int dataset_id);

// Each locks the row of the load until the transaction ends, and never waits. join: beside others, who load other chunks. Nothing if there is
// no row, or somebody has a lock that conflicts.
std::optional<Load> join_load(int dataset_id);
std::optional<Load> take_load(int dataset_id);

// Inserts it, or begins it anew: its chunks are forgotten. Another session that begins it waits here.
void save_load(const Load &load);
void note_failure(int dataset_id, const Error &error);
void forget_failure(int dataset_id);
void forget_load(int dataset_id);
// Of a load that is not gone on with.
void forget_open_chunks(int dataset_id);
// When the dataset is published. Its chunks are counted, and forgotten.
void close_load(int dataset_id);

// Bounds, as a list in JSON. step: 0: each is a cut. Else the first and the last are none, and of the others each step-th is.
struct NewCuts {
    std::string bounds;
    std::int64_t step = 0;
    std::int64_t expected = -1; // rows of each chunk; -1: unknown
    bool is_exact = false;
};
void cut_load(int dataset_id, const NewCuts &cuts);
// The chunk is left with the first part.
void cut_chunk(int dataset_id, const Chunk &chunk, const NewCuts &cuts);

// The next chunk that nobody loads, locked until the transaction ends; at most so many are open at a time.
std::optional<Chunk> take_chunk(int dataset_id, int at_once);
// Waits until a chunk that another session loads is done. False: none is left.
bool wait_for_chunk(int dataset_id);

struct DoneChunk {
    std::int64_t loaded = 0;
    std::int64_t skipped = 0;
    std::optional<std::int64_t> received_bytes;
    double seconds = 0;
};
void finish_chunk(int dataset_id, int chunk, const DoneChunk &done);

} // namespace datasurface::catalog
