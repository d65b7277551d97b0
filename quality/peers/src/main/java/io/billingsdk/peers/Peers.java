package io.billingsdk.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Compares the SDK with other libraries that send events, and prints one table. */
public final class Peers {
  static final String DEAD_SINK = "close with a dead sink";

  private static final String HELP =
      """
      usage: scripts/bench peers [ROW…] [--library=NAME…] [--quick]

      Rows:

        costs             what a call costs its caller, and what arrives a second
        calm              a service at 200 events a second, and no trouble
        kill-9            a service at 200 events a second that is killed five times, with the
                          sink there, and with the sink away since 5 s
        outage            a sink that is away for 30 s, and one that is away for 180 s
        close-dead-sink   a service that closes while its sink is away
        all               each of them; the default

        --library=NAME    this one only; may be repeated: billing-sdk, segment, posthog,
                          opentelemetry, sentry-logs, and sentry-events, which is not in the
                          table: an event of Sentry has a stack trace and a connection of its own
        --quick           few events and short outages: shows that everything runs, and no more
        --help            this

      Takes 22 minutes, quick 4. Prints lines 'proof: peers ...', appends them to
      quality/peers/target/proofs.txt, and prints the table of docs/performance.md at the end.
      """;

  private static final List<String> ROWS =
      List.of("costs", "calm", "kill-9", "outage", "close-dead-sink");
  private static final List<Library> USUAL =
      List.of(
          Library.BILLING,
          Library.SEGMENT,
          Library.POSTHOG,
          Library.OPENTELEMETRY,
          Library.SENTRY_LOGS);

  private static final String LIBRARY_OPTION = "--library=";

  private final List<Library> libraries;
  private final Sizes sizes;
  private final Path directory;
  private final Map<Library, Costs> costs = new EnumMap<>(Library.class);
  private final Map<String, Map<Library, Result>> losses = new LinkedHashMap<>();

  private Peers(List<Library> libraries, Sizes sizes, Path directory) {
    this.libraries = libraries;
    this.sizes = sizes;
    this.directory = directory;
  }

  /** See {@code --help}. */
  public static void main(String[] arguments) throws Exception {
    List<String> rows = new ArrayList<>(Arrays.asList(arguments));
    if (rows.contains("--help") || rows.contains("-h")) {
      System.out.print(HELP);
      return;
    }
    boolean quick = rows.remove("--quick");
    List<Library> libraries = new ArrayList<>();
    for (String argument : arguments) {
      Optional<Library> named = named(argument);
      if (named.isPresent()) {
        libraries.add(named.get());
        rows.remove(argument);
      }
    }
    if (libraries.isEmpty()) {
      libraries.addAll(USUAL);
    }
    if (rows.isEmpty() || rows.remove("all")) {
      rows.addAll(ROWS);
    }
    if (!ROWS.containsAll(rows)) {
      System.err.print(HELP);
      System.exit(2);
    }
    Path base = Path.of(System.getProperty("peers.directory", "target"));
    Path directory =
        Files.createTempDirectory(Files.createDirectories(base).toAbsolutePath(), "peers-");
    new Peers(libraries, quick ? Sizes.QUICK : Sizes.FULL, directory).run(rows);
    System.exit(0);
  }

  private static Optional<Library> named(String argument) {
    if (!argument.startsWith(LIBRARY_OPTION)) {
      return Optional.empty();
    }
    String name = argument.substring(LIBRARY_OPTION.length());
    return Arrays.stream(Library.values()).filter(each -> each.printed().equals(name)).findFirst();
  }

  private void run(List<String> rows) throws Exception {
    if (rows.contains("costs")) {
      // One after another: they are for times.
      for (Library each : libraries) {
        costs.put(each, Costs.of(each, sizes, directory));
      }
    }
    List<Trouble> troubles = new ArrayList<>();
    if (rows.contains("calm")) {
      together(List.of(new Trouble("no trouble", false, Loss::calm)));
    }
    if (rows.contains("kill-9")) {
      together(List.of(new Trouble("kill -9", false, Loss::kills)));
      together(List.of(new Trouble("kill -9 while the sink is away", true, Loss::killsWhileAway)));
    }
    if (rows.contains("outage")) {
      troubles.add(outage(sizes.shortOutage()));
      troubles.add(outage(sizes.longOutage()));
      together(troubles);
    }
    if (rows.contains("close-dead-sink")) {
      together(List.of(new Trouble(DEAD_SINK, true, Loss::deadSink)));
    }
    System.out.println(new Table(libraries, costs, losses).text());
  }

  private static Trouble outage(Duration away) {
    return new Trouble(
        String.format(Locale.ROOT, "sink away for %d s", away.toSeconds()),
        true,
        loss -> loss.outage(away));
  }

  /** A kind of trouble. */
  private record Trouble(String name, boolean isCut, Attempt attempt) {
    String row() {
      return name.replaceAll("[^a-z0-9]+", "-");
    }
  }

  private interface Attempt {
    Result get(Loss loss) throws Exception;
  }

  /** All libraries in these troubles at once: they wait most of the time. */
  private void together(List<Trouble> troubles) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    Map<Trouble, Map<Library, Future<Result>>> running = new LinkedHashMap<>();
    for (Trouble trouble : troubles) {
      for (Library library : libraries) {
        running
            .computeIfAbsent(trouble, first -> new EnumMap<>(Library.class))
            .put(library, threads.submit(() -> suffered(library, trouble)));
      }
    }
    for (Map.Entry<Trouble, Map<Library, Future<Result>>> each : running.entrySet()) {
      Map<Library, Result> results = new EnumMap<>(Library.class);
      for (Map.Entry<Library, Future<Result>> one : each.getValue().entrySet()) {
        results.put(one.getKey(), one.getValue().get());
      }
      losses.put(each.getKey().name(), results);
    }
    threads.shutdown();
  }

  private Result suffered(Library library, Trouble trouble) throws Exception {
    try (Loss loss =
        Loss.of(library, trouble.row(), trouble.isCut(), sizes, directory, Sink.Plant.NONE)) {
      return trouble.attempt().get(loss);
    }
  }
}
