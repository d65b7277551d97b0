package io.billingsdk.crash;

import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.EventJournal.Append;
import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.journal.SmallJournal;
import io.billingsdk.testbed.Await;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A process that has a journal: appends events, delivers them, or both, and says of each what
 * became of it, in a line that is written out before it goes on. It is there to be killed.
 *
 * <p>Arguments are {@code key=value}: {@code dir}; {@code count} of events and their {@code seed};
 * {@code plainEvery} so many one is not waited for; {@code window} of futures waited for at once;
 * {@code drain=true} delivers too; {@code stay=true} ends when its standard input does; {@code log}
 * a file for the lines in place of standard output; {@code segment}, {@code adoptMillis} as in the
 * journal's options.
 */
public final class JournalChild {
  private static final Duration DRAINED_WITHIN = Duration.ofMinutes(10);

  private final Map<String, String> arguments;
  private final ChildOutput output;
  private final DurableJournal journal;
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private record Waiting(long seq, Event event, CompletableFuture<Void> durable) {}

  /** Where lines go; each is given to the kernel before the call returns. */
  private interface ChildOutput {
    void line(String line);
  }

  private JournalChild(Map<String, String> arguments) throws IOException {
    this.arguments = arguments;
    this.output = output(arguments.get("log"));
    SmallJournal options =
        SmallJournal.usual()
            .segments(number("segment", 8 << 20))
            .adoptingEvery(Duration.ofMillis(number("adoptMillis", 30_000)));
    this.journal = options.in(Path.of(arguments.getOrDefault("dir", "journal")));
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Map<String, String> arguments = new HashMap<>();
    for (String arg : args) {
      arguments.put(arg.replaceAll("=.*", ""), arg.replaceAll("^[^=]*=", ""));
    }
    new JournalChild(arguments).run();
  }

  private void run() throws Exception {
    journal.start();
    output.line("OPEN " + journal.stream() + " " + journal.figures().pending());
    boolean drain = Boolean.parseBoolean(arguments.get("drain"));
    Thread deliverer = new Thread(this::deliver, "deliverer");
    deliverer.setDaemon(true);
    if (drain) {
      deliverer.start();
    }
    append();
    output.line("WRITTEN");
    boolean stay = Boolean.parseBoolean(arguments.get("stay"));
    while (stay && System.in.read() >= 0) {
      // Until the parent lets it go.
    }
    if (drain) {
      Await.until(DRAINED_WITHIN, this::isDelivered);
    }
    long left = journal.release(Duration.ofMinutes(1));
    output.line("DONE " + left);
  }

  private boolean isDelivered() {
    return journal.settledUpTo(journal.mark());
  }

  private void append() throws InterruptedException {
    long seed = number("seed", 1);
    long count = number("count", 0);
    long window = number("window", 1);
    long plainEvery = number("plainEvery", 0);
    for (long index = 0; index < count; index++) {
      Event event = new Event(seed, index);
      byte[] body = event.body();
      if (plainEvery > 0 && index % plainEvery == plainEvery - 1) {
        output.line(Ledger.lineOf("PLAIN", identity(appended(body, null)), body));
      } else {
        CompletableFuture<Void> durable = new CompletableFuture<>();
        waiting.addLast(new Waiting(appended(body, durable), event, durable));
      }
      if (waiting.size() >= window) {
        awaitFirst();
      }
    }
    while (!waiting.isEmpty()) {
      awaitFirst();
    }
  }

  private void awaitFirst() throws InterruptedException {
    Waiting first = waiting.removeFirst();
    try {
      first.durable().get();
      output.line(Ledger.lineOf("ACC", identity(first.seq()), first.event().body()));
    } catch (ExecutionException failed) {
      output.line("FAILED " + first.seq() + " " + failed.getCause());
    }
  }

  /** Refused, it tries again: only what is taken counts. */
  private long appended(byte[] body, @Nullable CompletableFuture<Void> durable) {
    Append first = journal.append(body, durable);
    if (first instanceof Appended appended) {
      return appended.seq();
    }
    output.line("REFUSED " + first);
    return Await.present(
        () -> journal.append(body, durable) instanceof Appended appended ? appended.seq() : null);
  }

  private void deliver() {
    while (true) {
      JournalRecord event = Await.present(journal::next);
      output.line(Ledger.lineOf("GOT", event.stream() + " " + event.seq(), event.body()));
      journal.acknowledge(event);
    }
  }

  private String identity(long seq) {
    return journal.stream() + " " + seq;
  }

  private long number(String key, long otherwise) {
    String given = arguments.get(key);
    return given == null ? otherwise : Long.parseLong(given);
  }

  /** A log file is written at positions, by another system call than the journal's own. */
  private static ChildOutput output(@Nullable String log) throws IOException {
    if (log == null) {
      FileOutputStream out = new FileOutputStream(FileDescriptor.out);
      return line -> {
        synchronized (out) {
          unchecked(() -> out.write((line + "\n").getBytes(StandardCharsets.UTF_8)));
        }
      };
    }
    FileChannel file =
        FileChannel.open(Path.of(log), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long[] at = {file.size()};
    return line -> {
      synchronized (file) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        int length = bytes.remaining();
        unchecked(() -> file.write(bytes, at[0]));
        at[0] += length;
      }
    };
  }

  private interface Write {
    void run() throws IOException;
  }

  private static void unchecked(Write write) {
    try {
      write.run();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
