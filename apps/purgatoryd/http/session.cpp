#include "apps/purgatoryd/http/session.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <ctime>
#include <type_traits>
#include <utility>

namespace purgatory::server::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using Message = beast::http::response<beast::http::string_body>;
using Tcp = asio::ip::tcp;

constexpr std::size_t kReadBytes = 8192;
/// How long a client may take to see the last answer and close.
constexpr std::chrono::seconds kLinger{1};

std::string name_of(const Tcp::socket& socket) {
  error_code error;
  const Tcp::endpoint endpoint = socket.remote_endpoint(error);
  if (error) return "unknown";
  return fmt::to_string(fmt::streamed(endpoint));
}

beast::string_view beast_view(std::string_view text) { return {text.data(), text.size()}; }

Message message_of(Response response, bool without_body, bool keep_alive) {
  Message message{static_cast<beast::http::status>(response.status), 11};
  message.set(beast::http::field::date,
              fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr))));
  for (const auto& [name, value] : response.headers)
    message.insert(beast_view(name), beast_view(value));
  message.set(beast::http::field::connection, keep_alive ? "keep-alive" : "close");
  if (response.status != 204) message.content_length(response.body.size());
  if (!without_body) message.body() = std::move(response.body);
  return message;
}

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  Session(Stream stream, std::shared_ptr<Connections> connections, bool welcome)
      : stream_(std::move(stream)),
        timer_(connections->context()),
        connections_(std::move(connections)),
        welcome_(welcome),
        origin_{.client = name_of(socket()), .arrived = {}} {
    connections_->add(*this);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() override { connections_->remove(*this); }

  void start() override {
    set_deadline(connections_->settings().header_timeout);
    if constexpr (kTls) {
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](error_code error) {
                                error ? self->close() : self->begin();
                              });
    } else {
      begin();
    }
  }

  void drain() override {
    const bool begun = phase_ != Phase::handshaking && phase_ != Phase::reading;
    error_code ignored;
    if (!begun && received_.empty() && socket().available(ignored) == 0) close();
  }

 private:
  static constexpr bool kTls = !std::is_same_v<Stream, Tcp::socket>;
  /// At most one operation of the stream is under way, and none while a request is answered.
  enum class Phase { handshaking, reading, answering, writing, lingering, closed };

  Tcp::socket& socket() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void set_deadline(std::chrono::milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([weak = this->weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (self && !error) self->end_late();
    });
  }

  void end_late() {
    if (timer_.expiry() > std::chrono::steady_clock::now()) return;  // another deadline by now
    if (phase_ == Phase::answering) return;  // its last byte came with the end of its time
    if (phase_ != Phase::reading || received_.empty()) return close();
    refuse(408, "The request took too long to arrive: send it at once.", nullptr);
  }

  void close() {
    phase_ = Phase::closed;
    timer_.cancel();
    error_code ignored;
    socket().close(ignored);
  }

  void begin() {
    if (phase_ == Phase::closed) return;
    if (welcome_) return read();
    refuse(503, "There are too many connections: come again later.", nullptr);
  }

  void read() {
    phase_ = Phase::reading;
    try {
      if (auto head = reader_.read(received_)) return answer(std::move(*head));
    } catch (const Malformed& malformed) {
      return refuse(400, malformed.what(), nullptr);
    }
    if (connections_->draining()) drain();
    if (phase_ == Phase::closed) return;
    stream_.async_read_some(asio::buffer(chunk_),
                            [self = this->shared_from_this()](error_code error, std::size_t size) {
                              self->on_received(error, size);
                            });
  }

  void on_received(error_code error, std::size_t size) {
    if (phase_ != Phase::reading) return;
    if (error) return close();
    if (answered_ && received_.empty()) set_deadline(connections_->settings().header_timeout);
    received_.append(chunk_.data(), size);
    read();
  }

  void answer(Head head) {
    phase_ = Phase::answering;
    timer_.cancel();
    origin_.arrived = std::chrono::steady_clock::now();
    if (connections_->draining()) {
      return refuse(503, "The server is shutting down: come again later.", &head);
    }
    asio::post(connections_->pool(),
               [self = this->shared_from_this(), head = std::move(head)]() mutable {
                 Response response = self->answer_in_pool(head);
                 asio::io_context& context = self->connections_->context();
                 asio::post(context, [self = std::move(self), head = std::move(head),
                                      response = std::move(response)]() mutable {
                   self->write(std::move(response), &head);
                 });
               });
  }

  [[nodiscard]] Response answer_in_pool(const Head& head) const {
    const auto waited = std::chrono::steady_clock::now() - origin_.arrived;
    if (waited > connections_->settings().queue_timeout) {
      return connections_->service().refuse(503, "The server has too much to do: come again later.",
                                            &head, origin_);
    }
    return connections_->service().answer(head, origin_);
  }

  /// The connection's last answer.
  void refuse(unsigned status, std::string_view why, const Head* head) {
    if (phase_ != Phase::answering) origin_.arrived = std::chrono::steady_clock::now();
    phase_ = Phase::writing;
    error_code ignored;
    socket().cancel(ignored);  // what is still being read
    welcome_ = false;
    write(connections_->service().refuse(status, why, head, origin_), head);
  }

  void write(Response response, const Head* head) {
    if (phase_ == Phase::closed) return;
    phase_ = Phase::writing;
    answered_ = true;
    keep_alive_ = welcome_ && head->keep_alive && !connections_->draining();
    message_ =
        message_of(std::move(response), head != nullptr && head->method == "HEAD", keep_alive_);
    set_deadline(connections_->settings().idle_timeout);
    beast::http::async_write(stream_, message_,
                             [self = this->shared_from_this()](error_code error, std::size_t) {
                               self->on_written(error);
                             });
  }

  void on_written(error_code error) {
    if (phase_ != Phase::writing) return;
    message_ = {};  // it may be large, and the next one far
    if (error) return close();
    if (!keep_alive_) return say_goodbye();
    const PortSettings& settings = connections_->settings();
    set_deadline(received_.empty() ? settings.idle_timeout : settings.header_timeout);
    read();
  }

  /// Closing while the client still sends would reset the connection, and could lose the answer on
  /// its way (RFC 9112, 9.6).
  void say_goodbye() {
    phase_ = Phase::lingering;
    set_deadline(kLinger);
    if constexpr (kTls) {
      stream_.async_shutdown([self = this->shared_from_this()](error_code) { self->linger(); });
    } else {
      linger();
    }
  }

  void linger() {
    if (phase_ != Phase::lingering) return;
    error_code ignored;
    socket().shutdown(Tcp::socket::shutdown_send, ignored);
    discard();
  }

  void discard() {
    socket().async_read_some(asio::buffer(chunk_),
                             [self = this->shared_from_this()](error_code error, std::size_t) {
                               if (self->phase_ != Phase::lingering) return;
                               error ? self->close() : self->discard();
                             });
  }

  Stream stream_;
  asio::steady_timer timer_;
  const std::shared_ptr<Connections> connections_;
  bool welcome_;
  bool answered_ = false;  ///< The first request's time begins with the connection.
  bool keep_alive_ = false;
  Phase phase_ = Phase::handshaking;
  Origin origin_;
  HeadReader reader_;
  std::string received_;
  std::array<char, kReadBytes> chunk_{};
  Message message_;
};

}  // namespace

std::shared_ptr<Connection> make_session(Tcp::socket socket, asio::ssl::context* tls,
                                         std::shared_ptr<Connections> connections, bool welcome) {
  error_code ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  if (tls == nullptr) {
    return std::make_shared<Session<Tcp::socket>>(std::move(socket), std::move(connections),
                                                  welcome);
  }
  return std::make_shared<Session<asio::ssl::stream<Tcp::socket>>>(
      asio::ssl::stream<Tcp::socket>(std::move(socket), *tls), std::move(connections), welcome);
}

}  // namespace purgatory::server::http
