// Merges the staged rows of one dataset into its tables.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "heap/arriving.hpp"
#include "merge/plan_changes.hpp"
#include "merge/run_sql.hpp"
#include "native/engine.hpp"
#include "pg/spi.hpp"

namespace datasurface::merge {

// The tables that a merge of a dataset writes to.
std::vector<sqltext::Qualified> tables(const shape::Shape &shape);

// Throws 42501 when the merge or history table has functions that must not run in this session, SF004 when one of them lacks a
// column, or the merge table its key. The ingest looks at the staging table.
void check(const shape::Shape &shape);

// Checks the tables of a dataset and locks them until the transaction ends. Call it for all datasets of a batch before taking the
// snapshot that they are merged by: a table that is rewritten or truncated after that looks empty to the snapshot.
// staging_is_checked: by an ingest of this transaction, which has kept its lock.
void lock(const shape::Shape &shape, bool staging_is_checked);

// A merge of one dataset, by one snapshot taken after the stream's lock, in two parts: first all datasets of a batch are compared, then
// they are written. It works as the tables' owner.
// Both parts throw SF016 when the staged rows are not those that the ingest counted, SF020 for duplicate keys where the plan allows none,
// SF021 for a NULL in a key, 0A000 when datasurface.merge_engine is native and the native engine cannot merge these tables;
// apply() 40001 when somebody else changed a row that is to be written. After an error the transaction or subtransaction must be
// rolled back.
class Merging {
public:
    // snapshot: must live as long. at_once: how many there are that are not closed.
    Merging(const Plan &plan, const pg::Snapshot &snapshot, std::size_t at_once);
    Merging(const Merging &) = delete;
    Merging &operator=(const Merging &) = delete;

    // Finds what would change, and writes nothing. Does nothing more if that is known. The sql engine would read both tables once more
    // than it has to, so it finds the changes here only with a seed, and makes the digest in the same pass. watcher: or nullptr. It
    // runs as the tables' owner.
    void compare(std::optional<std::uint64_t> seed, Watcher *watcher);

    // Instead of compare(), for rows that arrive: they are compared on their way, and only those that may have changed are staged. Both
    // return what is odd, or nothing. If anything is, what was done must be rolled back, and the rows be staged first. The same holds when
    // they, or a later apply(), throw.
    // open: makes the rows, as the tables' owner; nullptr if they cannot be read that way.
    using Open = std::function<std::unique_ptr<heap::Arriving>()>;
    std::string prepare_to_receive();
    std::string receive(const Open &open, Watcher *watcher);
    const Staged &kept() const { return kept_; } // what receive() has staged

    // The changes are known. Those of a first load of rows that arrive are not known before apply().
    bool has_found() const;
    const Result &result() const;

    // Shows them to body, which runs as the tables' owner.
    void show(const std::function<void(Changes &)> &body);

    // Looks at the keys of a first load, which nobody has done before it is written. Throws as both parts do.
    void check_first_load();

    // The digest of the changes. The keys of a first load are checked too.
    std::string digest(std::uint64_t seed);

    // The rows of the merge table before the merge: about, or unknown if nobody has looked at it yet; and counted, which reads it.
    std::optional<std::int64_t> rows_about() const;
    std::int64_t count_rows();

    // Writes them, once. Afterwards they are known. If it is rolled back, they are still known.
    void apply();

    // When nothing is to be asked any more, in the (sub)transaction of compare(). Otherwise the rollback closes it.
    void close();

private:
    void as_owner(const std::function<void()> &body);
    void begin(Watcher *watcher);
    void make_native();
    void close_if_unchanged();
    void close_rows();
    void apply_natively();
    void require_staged();
    void use_sql(const std::string &reason);
    void close_native();
    Changes &changes();

    Plan plan_;
    const pg::Snapshot &snapshot_;
    std::size_t at_once_;
    std::unique_ptr<native::Merge> native_;
    std::unique_ptr<SqlMerge> sql_;
    std::unique_ptr<heap::Arriving> rows_; // of a first load
    bool receives_ = false;
    bool is_checked_ = false; // the keys of a first load are
    Staged kept_;
    bool has_found_ = false;
    Result result_; // once it is closed
};

} // namespace datasurface::merge
