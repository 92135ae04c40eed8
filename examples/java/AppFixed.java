// A user's profile behind a cache that refuses a value read before the latest write.
//
// Each write raises the user's generation. A reader stores what it has read only if the generation
// is still the one that it saw before it asked the database.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.Executors;

import static java.nio.charset.StandardCharsets.UTF_8;

public class AppFixed {
  /** Each thread has its own two connections, made when it first needs them. */
  static final ThreadLocal<Redis> cache = ThreadLocal.withInitial(Redis::connect);
  static final ThreadLocal<Connection> database = ThreadLocal.withInitial(AppFixed::connect);

  static final String STORE_IF_UNCHANGED = """
      if (redis.call('GET', KEYS[2]) or '0') == ARGV[2] then
        redis.call('SET', KEYS[1], ARGV[1])
      end
      """;
  static final String INVALIDATE = """
      redis.call('INCR', KEYS[2])
      redis.call('DEL', KEYS[1])
      """;

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(System.getenv("PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.createContext("/health", exchange -> answer(exchange, 200, "ok"));
    server.createContext("/users/", AppFixed::users);
    server.start();
  }

  static void users(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try {
      int id = Integer.parseInt(path.substring("/users/".length()));
      switch (exchange.getRequestMethod()) {
        case "GET" -> read(exchange, id);
        case "PUT" -> write(exchange, id);
        default -> answer(exchange, 405, "");
      }
    } catch (Exception problem) {
      problem.printStackTrace();
      answer(exchange, 500, "");
    }
  }

  static void read(HttpExchange exchange, int id) throws IOException, SQLException {
    String key = "user:" + id, generationKey = "gen:" + id;
    Object[] found = (Object[]) cache.get().call("MGET", key, generationKey);
    String user = (String) found[0], generation = found[1] == null ? "0" : (String) found[1];
    if (user == null) {
      user = load(id);
      if (user == null) {
        answer(exchange, 404, "");
        return;
      }
      cache.get().call(
          "EVAL", STORE_IF_UNCHANGED, "2", key, generationKey, user, generation);
    }
    answer(exchange, 200, user);
  }

  static void write(HttpExchange exchange, int id) throws IOException, SQLException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    save(id, body);
    cache.get().call("EVAL", INVALIDATE, "2", "user:" + id, "gen:" + id);
    answer(exchange, 204, "");
  }

  static String load(int id) throws SQLException {
    String sql = "SELECT json_build_object('id', id, 'name', name) FROM users WHERE id = ?";
    try (var select = database.get().prepareStatement(sql)) {
      select.setInt(1, id);
      var row = select.executeQuery();
      return row.next() ? row.getString(1) : null;
    }
  }

  static void save(int id, String json) throws SQLException {
    String sql = "UPDATE users SET name = ?::json->>'name' WHERE id = ?";
    try (var update = database.get().prepareStatement(sql)) {
      update.setString(1, json);
      update.setInt(2, id);
      update.executeUpdate();
    }
  }

  static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  static Connection connect() {
    URI url = URI.create(System.getenv("DATABASE_URL"));
    String[] login = url.getUserInfo().split(":", 2);
    try {
      return DriverManager.getConnection(
          "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath(),
          login[0], login.length > 1 ? login[1] : "");
    } catch (SQLException problem) {
      throw new IllegalStateException(problem);
    }
  }

  /** As much of a Redis client as this needs: texts in; a text, null or an array of them out. */
  record Redis(Socket socket, InputStream in) {
    static Redis connect() {
      URI url = URI.create(System.getenv("REDIS_URL"));
      try {
        Socket socket = new Socket(url.getHost(), url.getPort());
        return new Redis(socket, new BufferedInputStream(socket.getInputStream()));
      } catch (IOException problem) {
        throw new IllegalStateException(problem);
      }
    }

    Object call(String... words) throws IOException {
      StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words)
        command.append("$" + word.getBytes(UTF_8).length + "\r\n" + word + "\r\n");
      socket.getOutputStream().write(command.toString().getBytes(UTF_8));
      return reply();
    }

    private Object reply() throws IOException {
      String line = line(), rest = line.substring(1);
      switch (line.charAt(0)) {
        case '-':
          throw new IOException(rest);
        case '$':
          int length = Integer.parseInt(rest);
          if (length < 0) return null;
          String text = new String(in.readNBytes(length), UTF_8);
          line();  // the end of the line
          return text;
        case '*':
          Object[] items = new Object[Integer.parseInt(rest)];
          for (int i = 0; i < items.length; ++i) items[i] = reply();
          return items;
        default:
          return rest;
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\r'; c = in.read()) {
        if (c < 0) throw new IOException("Redis has closed the connection");
        line.append((char) c);
      }
      in.read();  // '\n'
      return line.toString();
    }
  }
}
