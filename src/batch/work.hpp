// batch: the state machine; the only room that decides what commits.
//
//     started -> ingested -> committed
//        \          \-> held -> (release) ingested, merged, committed | (discard) discarded
//        |\__________\-> failed (a push keeps the state to resume from, a pull begins anew) -> retry | reset to started
//         \-> discarded (its stream left the model before anything was staged)
//
// This file: what every call on a stream begins with.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "catalog/batch.hpp"
#include "catalog/batch_dataset.hpp"
#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "catalog/stream.hpp"
#include "shape/tables.hpp"

namespace datasurface::batch {

// A stream whose lock this transaction has.
struct Work {
    catalog::Stream stream;
    catalog::Store store;
};

// One dataset of a stream, ready to be worked on.
struct Member {
    catalog::Dataset row;
    model::Dataset definition;
    shape::Shape shape;
    catalog::BatchDataset record; // of the batch
};

// batch 3 of stream "sales", for messages
std::string batch_title(const std::string &stream, int batch);

// Throws SF010 or SF011 for what is no stream. Not locked.
catalog::Stream find_stream(const std::string &name);

// Takes the stream's lock. Throws 25000, SF010, SF011, 42501, 55P03.
Work begin_work(const std::string &stream);

// Throws SF012 unless it is the open batch of the stream.
catalog::Batch require_open(const Work &work, int batch);

// The datasets of the stream by the current model, records as a batch would begin with. Throws SF003 when the tables of
// one do not match the model yet.
std::vector<Member> current_members(const Work &work);

// The same with the batch's own records. Throws SF002 when the model has changed since the batch began.
std::vector<Member> members_of_batch(const Work &work, const catalog::Batch &batch);

std::vector<catalog::BatchDataset> records_of(const std::vector<Member> &members);

// All datasets of a stream are ingested alike.
bool is_pushed(const std::vector<Member> &members);
bool is_pushed(const Work &work);

// seconds since it was made
class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace datasurface::batch
