// Which rows a pull reads of its datasets: all, or those beyond a mark.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "batch/work.hpp"
#include "ingest/origin.hpp"
#include "ingest/plan_window.hpp"
#include "pg/spi.hpp"

namespace datasurface::batch {

// True when a dataset of the stream has a watermark: then the source's clock is needed.
bool has_watermarks(const Work &work);

// True when all that is known without the source says that a dataset will read a window.
bool expects_window(const Work &work);

class Windows {
public:
    // Before the snapshot that the rows are read by. origin: of the batch; it must live as long.
    Windows(const Work &work, ingest::Origin &origin);

    // Of a member's SELECT, the rows that are to be read. Asks for the largest mark where there is no clock. Throws 42804 when the marks
    // have another type, 42809 when they tell of transactions that the origin does not see, 22004 when there are rows without one, and the model says that this is an error.
    std::string select(std::size_t member, const std::string &select, const pg::Snapshot &snapshot);

    // What it came to.
    void note(std::size_t member, catalog::BatchDataset &record) const;

private:
    void require_type(const Member &member, const std::string &select);
    void require_own_transactions(const Member &member, const pg::Snapshot &snapshot);
    ingest::SeenMarks seen_marks(const Member &member, const ingest::Window &window, const std::string &select,
                                 const pg::Snapshot &snapshot);

    const Work &work_;
    ingest::Origin &origin_;
    remote::SourceClock clock_;
    std::vector<ingest::Window> windows_; // of the members; unused where there is no watermark
};

// Of the members, where they have any.
void load_marks(Work &work);

// Once the batch is committed, or has found nothing changed.
void save_marks(const Work &work);

} // namespace datasurface::batch
