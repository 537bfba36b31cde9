// What the views and the as-of function of a dataset show while its first load goes on, and after.
#pragma once

#include <string>

namespace datasurface::change {

struct Publishing {
    bool shows_nothing = false; // the first load is not published yet
    int from = 0;               // the batch that published it; 0: the dataset was never loaded in chunks
};

// The first batch of a row. Rows of a first load have 0 in the tables: they begin with the batch that published the load.
std::string first_batch_sql(const Publishing &publishing);

} // namespace datasurface::change
