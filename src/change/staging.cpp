#include "change/staging.hpp"

namespace datasurface::change {

bool is_staged_anew(const Tables &tables, const Object &staging)
{
    bool const was_pulled = !staging.there.logged && !tables.now.is_reconciled;
    return was_pulled || !tables.wanted.staging_logged;
}

Step empty_staging(const Object &staging)
{
    Step step;
    step.object = staging.name.sql();
    step.action = Action::alter;
    step.statement = "TRUNCATE " + staging.name.sql();
    step.name = staging.name;
    step.lock = Lock::access_exclusive;
    return step;
}

} // namespace datasurface::change
