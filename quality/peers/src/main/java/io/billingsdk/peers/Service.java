package io.billingsdk.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service with one library, which is killed and started again; and the numbers of the events that
 * the library took in all of its processes.
 */
final class Service {
  private final Library library;
  private final Sink sink;
  private final String port;
  private final Path directory;
  private final int aSecond;
  private final BitSet accepted = new BitSet();
  private final AtomicInteger refused = new AtomicInteger();
  private int next;

  /**
   * A service that is not started yet.
   *
   * @param port of the sink: the one with faults only where it must be cut, since that costs a hop
   */
  Service(Library library, Sink sink, String port, Path directory, int aSecond) {
    this.library = library;
    this.sink = sink;
    this.port = port;
    this.directory = directory;
    this.aSecond = aSecond;
  }

  /** Its next process, which reports at most so many events. */
  Jvm start(int most) throws IOException {
    Jvm process =
        Jvm.start(
            directory.resolve("service.err"),
            LoadMain.class,
            library.foreignJars(),
            this::heard,
            List.of(
                library.name(),
                port,
                sink.authority(),
                directory.resolve("journal").toString(),
                String.valueOf(aSecond),
                String.valueOf(next),
                String.valueOf(most)));
    next += most;
    process.await("ready");
    return process;
  }

  private boolean heard(String line) {
    if (line.startsWith("a ")) {
      synchronized (accepted) {
        accepted.set(Integer.parseInt(line.substring(2)));
      }
      return true;
    }
    if (line.startsWith("r ")) {
      refused.incrementAndGet();
      return true;
    }
    return false;
  }

  /** Numbers of the events that the library took. */
  BitSet accepted() {
    synchronized (accepted) {
      return (BitSet) accepted.clone();
    }
  }

  int refused() {
    return refused.get();
  }
}
