// The facts of a stream and its batch. Every call loads them once, under the stream's lock.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "batch/at_work.hpp"
#include "batch/plan.hpp"
#include "catalog/batch.hpp"
#include "catalog/batch_dataset.hpp"
#include "catalog/dataset.hpp"
#include "catalog/finding.hpp"
#include "catalog/kept.hpp"
#include "catalog/store.hpp"
#include "catalog/stream.hpp"
#include "ingest/plan_window.hpp"

namespace datasurface::batch {

// The hint of SF003.
inline constexpr char reconcile_first[] =
    "SELECT * FROM datasurface.ds_reconcile_schema(); what waits there is shown by ds_plan_schema.";

// One dataset of a stream, by the current model.
struct Member {
    catalog::Dataset row;
    std::optional<model::Dataset> definition;  // if nothing was kept of it
    std::shared_ptr<const catalog::Kept> kept; // else; of all members once make_shapes was called

    ingest::LastMark last_mark = {}; // of a watermark
    bool needs_all_rows = false;     // no chunk of it was loaded, or not all of them: a mark says nothing

    // Of an unpublished dataset it is live only: it has no versions before its first batch.
    const shape::Shape &shape() const { return kept->shape; }
    const model::Watermark *watermark() const { return (kept ? kept->watermark : definition->watermark).get(); }
};

// A stream whose lock this transaction has, and the batch that the call is about. Steps change these values; save() writes
// them to the catalog.
struct Work {
    std::unique_ptr<const AtWork> at_work;
    catalog::Stream stream;
    catalog::Store store;
    std::vector<Member> members;
    bool has_unpublished = false; // a dataset of the stream is in its first load, complete or not
    bool has_shapes = false;
    bool staging_is_checked = false; // by an ingest of this transaction, whose locks are still held

    Facts facts;
    catalog::Batch batch;                       // if facts.state is set
    std::vector<catalog::BatchDataset> records; // of the batch
    std::optional<std::string> run_id;

    std::optional<catalog::Batch> replaced;   // the batch that was held when this run pulled anew
    std::optional<catalog::Batch> held_batch; // the same, while it was held
    std::vector<catalog::BatchDataset> held;  // the records of the batch that is or was held, with what was found
    std::vector<catalog::Finding> findings;   // of rules, in this call
    struct Decision {
        catalog::Decision decision;
        std::string outcome;
        std::string reason;
    };
    std::optional<Decision> decision; // about the batch
    std::string reason;               // that the caller gives
    std::string why_staged;           // why a run stages the rows of its pull, as batch_datasets shows it
    bool is_news = false;             // listeners are told of the batch's new state

    // what save() has to write
    bool batch_changed = false;
    bool records_changed = false;
    bool records_replaced = false; // the datasets or definitions are other ones
    bool findings_changed = false;
    bool run_is_new = false; // the run id is not recorded with the batch yet
    enum class Recording { state, commit, check } recording = Recording::state;
};

// batch 3 of stream "sales", for messages
std::string batch_title(const std::string &stream, int batch);

// What to do with a batch whose rows were staged by another definition.
std::string hint_for_changed(const Work &work);

// Throws SF010 or SF011 for what is no stream. Not locked.
catalog::Stream find_stream(const std::string &name);

// Takes the stream's lock and loads its datasets. The caller needs the right that the call asks for. Throws 25000, 25006, SF010, SF011, SF013, 42501, 55P03.
Work begin_work(const std::string &stream, Call call);

// The same for a stream whose lock the caller has taken, without its datasets.
Work work_of(const catalog::Stream &locked, const catalog::Store &store, Call call);

// Its datasets, by the current model. begin_work has done so.
void load_members(Work &work);

// Loads the batch of that number, the open batch, or the batch of the run id and else the open one.
void load_batch(Work &work, int batch);
void load_open_batch(Work &work);
void load_batch_of_run(Work &work, const std::optional<std::string> &run_id);

// Makes the members' shapes, once. Throws SF003 when the tables of one do not match the model yet.
void make_shapes(Work &work);

// Once their tables are locked, the types of their columns stay as they are. Makes those shapes again whose types have changed before.
void renew_shapes(Work &work);

using RecordsByDataset = std::unordered_map<int, const catalog::BatchDataset *>;
// The records must outlive it.
RecordsByDataset records_by_dataset(const std::vector<catalog::BatchDataset> &records);

// The records of the members in a batch that begins.
std::vector<catalog::BatchDataset> fresh_records(const Work &work);

// Those of an open batch that begins anew. A dataset that has left the stream stays among them until its staged rows are removed.
std::vector<catalog::BatchDataset> records_anew(const Work &work);

// Throws SF002 when the members differ from those that the records were made for.
void require_unchanged(const Work &work);

// Writes the changed values; for a check, only its time. Throws SF013 when code that this call ran has changed the stream or
// its batches.
void save(Work &work);

// seconds since it was made
class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace datasurface::batch
