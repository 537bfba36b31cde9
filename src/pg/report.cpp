#include "pg/report.hpp"

#include "pg/boundary.hpp"

namespace datasurface::pg {

namespace {

void report(int level, const std::string &message, const std::string &hint, const std::string &detail)
{
    call([&] {
        ereport(level, (errmsg_internal("%s", to_server(message)),
                        detail.empty() ? 0 : errdetail_internal("%s", to_server(detail)),
                        hint.empty() ? 0 : errhint("%s", to_server(hint))));
    });
}

} // namespace

void warn(const std::string &message, const std::string &hint, const std::string &detail)
{
    report(WARNING, message, hint, detail);
}

void notice(const std::string &message, const std::string &hint)
{
    report(NOTICE, message, hint, {});
}

} // namespace datasurface::pg
