package io.billingsdk.server.statistics;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route.Places;
import io.billingsdk.server.statistics.LiveStream.Seen;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** Answers with figures that go on. */
final class LiveStatistics {
  /** Of one server, and of one address: each of them asks the database twice a second. */
  private static final int PLACES = 200;

  private static final int OF_ADDRESS = 20;

  private LiveStatistics() {}

  /** How many watch at once. */
  static Places places() {
    return new Places("the live statistics", PLACES, OF_ADDRESS, 0, 0);
  }

  /**
   * The figures of somebody.
   *
   * @param whose throws once the token is no longer good; asked at each look
   */
  static ApiResponse of(
      Request request, Function<Handle, Person> whose, BiFunction<Handle, Person, Seen> figures) {
    Database database = request.database();
    // Now, so that a token that is not good is refused, and not a stream that ends at once.
    Person unused = database.read(whose);
    return new ApiResponse.Streamed(
        "text/event-stream; charset=utf-8",
        exchange ->
            new LiveStream(
                () -> database.read(handle -> figures.apply(handle, whose.apply(handle))),
                exchange),
        () -> {});
  }
}
