#include "pg/report.hpp"

#include "pg/boundary.hpp"

namespace datasurface::pg {

void warn(const std::string &message, const std::string &hint, const std::string &detail)
{
    call([&] {
        ereport(WARNING, (errmsg_internal("%s", to_server(message)),
                          detail.empty() ? 0 : errdetail_internal("%s", to_server(detail)),
                          hint.empty() ? 0 : errhint("%s", to_server(hint))));
    });
}

} // namespace datasurface::pg
