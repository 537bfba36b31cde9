#include "remote/copy.hpp"

#include <algorithm>

#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "pg/boundary.hpp"
#include "pg/session.hpp"
#include "remote/decode_raising.hpp"
#include "remote/errors.hpp"

namespace datasurface::remote {

namespace {

ColumnType type_there(const std::vector<Given> &given, const std::string &name)
{
    auto const found =
        std::find_if(given.begin(), given.end(), [&](const Given &column) { return column.name == name; });
    if (found == given.end())
        throw Error(sqlstate::undefined_column, "the query gives no column " + shown(name));
    return found->type_name.empty() ? ColumnType{} : found->type;
}

} // namespace

Copy::Copy(Connection &connection, const shape::Shape &shape, const std::string &query, const std::vector<Given> &given)
    : connection_(connection), what_("the copy of " + title(shape)), received_before_(connection.received())
{
    decoder_ = pg::call([&] { return open_decoder(shape); });
    if (decoder_ == nullptr)
        throw Error(sqlstate::not_reconciled, "the staging table of " + title(shape) + " has other columns",
                    "It differs from the model.", "SELECT * FROM datasurface.ds_reconcile_schema();");
    std::vector<Column> columns;
    for (int i = 0; i < static_cast<int>(shape.columns.size()); ++i)
        columns.push_back({shape.columns[i].name, pg::call([&] { return type_of(*decoder_, i); }),
                           type_there(given, shape.columns[i].name), pg::call([&] { return base_of(*decoder_, i); })});
    CopyPlan const plan = plan_copy(query, columns);
    for (int i = 0; i < static_cast<int>(plan.arrivals.size()); ++i)
        pg::call([&] { set_arrival(*decoder_, i, plan.arrivals[i]); });
    connection.begin_copy(plan.statement, what_);
}

Copy::~Copy()
{
    forget_messages();
}

void Copy::forget_messages() noexcept
{
    for (int i = 0; i < count_; ++i)
        free_message(messages_[i]);
    count_ = 0;
}

void Copy::receive()
{
    for (int size = 0; count_ < heap::arriving_batch && size < heap::arriving_bytes;) {
        Connection::Message const message = connection_.next_message();
        if (message.size < 0) {
            received_all_ = true;
            return;
        }
        messages_[count_] = message.bytes;
        sizes_[count_++] = message.size;
        size += message.size;
    }
}

heap::ArrivingRows Copy::next()
{
    heap::ArrivingRows rows{nullptr, 0};
    while (rows.count == 0 && !received_all_) {
        pg::check_interrupts();
        receive();
        rows = pg::call([&] { return decode(*decoder_, {messages_, sizes_, count_}); });
        forget_messages();
        if (received_all_)
            end();
    }
    return rows;
}

void Copy::end()
{
    std::int64_t const sent = connection_.end_copy(what_);
    if (!pg::call([&] { return has_ended(*decoder_); }))
        throw source_error(sqlstate::protocol_violation, connection_.source(), what_ + " has no end",
                           "Its last message is missing.");
    if (sent != rows())
        throw source_error(sqlstate::protocol_violation, connection_.source(),
                           what_ + " is not whole: " + counted(rows(), "row", "rows") + " came",
                           sent < 0 ? "The source did not say how many it has sent."
                                    : "The source counted " + counted(sent, "row", "rows") + ".");
}

std::int64_t Copy::rows() const
{
    return pg::call([&] { return rows_decoded(*decoder_); });
}

void Copy::close()
{
    pg::call([&] { close_decoder(*decoder_); });
}

} // namespace datasurface::remote
