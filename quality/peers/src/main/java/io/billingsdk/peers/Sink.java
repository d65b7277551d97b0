package io.billingsdk.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/** A sink in a process of its own, as this process sees it. */
final class Sink implements AutoCloseable {
  /** Faults of a sink, which the harness must count: every so many events; 0: none. */
  record Plant(int dropEvery, int repeatEvery) {
    static final Plant NONE = new Plant(0, 0);
  }

  /** The arrived events. */
  record Came(BitSet numbers, int repeated, int doubled) {}

  private final Jvm process;
  private final Path directory;
  private final String[] ready;

  private Sink(Jvm process, Path directory) {
    this.process = process;
    this.directory = directory;
    this.ready = process.await("ready ").split(" ", -1);
  }

  /** Starts the one that a library needs. */
  static Sink start(Path directory, Library library, Plant plant) throws IOException {
    Files.createDirectories(directory);
    String kind = library == Library.BILLING ? "mqtt" : "http";
    return new Sink(
        Jvm.start(
            directory.resolve("sink.err"),
            SinkMain.class,
            "okhttp",
            line -> false,
            List.of(
                kind,
                directory.toString(),
                String.valueOf(plant.dropEvery()),
                String.valueOf(plant.repeatEvery()))),
        directory);
  }

  String port() {
    return ready[1];
  }

  /** The port whose connections can be cut. */
  String faultyPort() {
    return ready[2];
  }

  String countPort() {
    return ready[3];
  }

  String authority() {
    return ready[4];
  }

  /** From now on each connection is reset. */
  void away() {
    process.ask("away", "done");
  }

  void back() {
    process.ask("back", "done");
  }

  Came came() throws IOException {
    Path file = directory.resolve("arrivals");
    String[] said = process.ask("arrivals " + file, "arrivals ").split(" ", -1);
    return new Came(
        BitSet.valueOf(Files.readAllBytes(file)),
        Integer.parseInt(said[1]),
        Integer.parseInt(said[2]));
  }

  @Override
  public void close() {
    process.close();
  }
}
