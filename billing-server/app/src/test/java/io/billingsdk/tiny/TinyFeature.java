package io.billingsdk.tiny;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature.Platform;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.ledger.LedgerHooks;
import io.micrometer.core.instrument.Gauge;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Notes that people add, a job that counts them, and a sum of usage that a hook keeps. */
final class TinyFeature implements LedgerHooks {
  private final Platform platform;
  private final AtomicLong counted = new AtomicLong();

  TinyFeature(Platform platform) {
    this.platform = platform;
  }

  @Override
  public List<Table> tables() {
    return List.of(Table.appendOnly("tiny_note"), Table.of("tiny_usage"));
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of("io/billingsdk/tiny/db");
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("tiny.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.read(
            Route.BASE + "/tiny", request -> ApiResponse.ok(new View(count(request.database())))),
        Route.write("POST", Route.BASE + "/tiny", TinyFeature::add));
  }

  @Override
  public List<Meters> metrics() {
    return List.of(
        registry ->
            Gauge.builder("tiny.notes", counted, AtomicLong::doubleValue)
                .description("notes, as the job has counted them")
                .register(registry));
  }

  @Override
  public List<Job> jobs() {
    return List.of(new Counting());
  }

  @Override
  public List<AppendHook> hooks() {
    return List.of(new TinyUsageHook());
  }

  private record View(long notes) {}

  private static ApiResponse add(Request request) {
    JsonBody body = request.body();
    String text = body.text("text", 100);
    body.end();
    request
        .database()
        .useTransaction(handle -> handle.execute("INSERT INTO tiny_note (text) VALUES (?)", text));
    return ApiResponse.created(Route.BASE + "/tiny", new View(1));
  }

  private static long count(Database database) {
    return database.read(
        handle -> handle.createQuery("SELECT count(*) FROM tiny_note").mapTo(Long.class).one());
  }

  private final class Counting implements Job {
    @Override
    public String name() {
      return "tiny-count";
    }

    @Override
    public Duration every() {
      return Duration.ofSeconds(1);
    }

    @Override
    public void run() {
      counted.set(count(platform.database()));
    }
  }
}
