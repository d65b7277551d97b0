package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed at exactly one of its system calls, or told there that the disk is full
 * or broken. Which calls a run makes is counted first: {@code write} for segments and
 * acknowledgements, {@code fdatasync} for records, {@code fsync} for directories, {@code unlink}
 * and {@code ftruncate}; renaming nothing, it has no {@code rename}.
 */
@Tag("crash")
final class SyscallFaultsTest {
  private static final String PROOF = "journal-syscall-faults";
  private static final int EVENTS = 500;
  private static final int KILLS = Integer.getInteger("journal.faults.kills", 10);
  private static final int ERRORS = Integer.getInteger("journal.faults.errors", 6);

  /** Children that run at once: each waits for strace and for its threads more than it computes. */
  private static final int AT_ONCE = 3;

  private static final String CALLS = "write,pwrite64,fdatasync,fsync,unlink,rename,ftruncate";
  private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\(");

  @TempDir Path slowDirectory;

  private Path directory = Path.of("");
  private long positions;
  private long runs;
  private long hits;
  private long durable;
  private long lost;
  private long doubles;
  private long repeats;
  private long quarantined;

  @BeforeEach
  void chooseDirectory() throws Exception {
    directory = Kernel.fastDirectory(slowDirectory);
  }

  @AfterEach
  void deleteDirectory() throws Exception {
    delete(directory);
  }

  @Test
  void killedAtAnySystemCall_losesNoDurableEvent() throws Exception {
    requireStrace();
    long started = System.nanoTime();
    for (boolean delivers : new boolean[] {false, true}) {
      Map<String, Integer> calls = callsOfARun(delivers);
      // Half of the positions for each way of running, shared out among the calls.
      List<Callable<Outcome>> runs = new ArrayList<>();
      for (Map.Entry<String, Integer> call : calls.entrySet()) {
        positions += call.getValue();
        for (int position : spread(call.getValue(), KILLS / 2 / calls.size() + 1)) {
          runs.add(() -> run(call.getKey(), "signal=KILL", position, delivers));
        }
      }
      all(runs);
      Proof.sized("journal-syscalls").with("delivers", delivers).with("calls", calls).print();
    }
    prove("kill", started);
  }

  @Test
  void failingSystemCalls_ofABrokenDisk_makeNoFalseDurability() throws Exception {
    fail("EIO");
  }

  @Test
  void failingSystemCalls_ofAFullDisk_makeNoFalseDurability() throws Exception {
    fail("ENOSPC");
  }

  private void fail(String error) throws Exception {
    requireStrace();
    Map<String, Integer> calls = callsOfARun(/* delivers= */ false);
    long started = System.nanoTime();
    List<Callable<Outcome>> runs = new ArrayList<>();
    for (String call : List.of("write", "fdatasync")) {
      int first = Math.min(calls.getOrDefault(call, 0), 200);
      positions += first;
      for (int position : spread(first, ERRORS / 2)) {
        runs.add(() -> run(call, "error=" + error, position, /* delivers= */ false));
      }
    }
    all(runs);
    prove(error, started);
  }

  /** How often the busiest thread, which is the journal's, makes each call. */
  private Map<String, Integer> callsOfARun(boolean delivers) throws Exception {
    Path trace = Files.createTempFile(directory, "trace", ".txt");
    Path run = Files.createTempDirectory(directory, "count");
    child(run, List.of("-o", trace.toString(), "-e", "trace=" + CALLS), delivers);
    Map<String, Map<String, Integer>> byThread = new TreeMap<>();
    for (String line : Files.readAllLines(trace)) {
      Matcher call = CALL.matcher(line);
      if (call.find()) {
        byThread
            .computeIfAbsent(call.group(1), thread -> new TreeMap<>())
            .merge(call.group(2), 1, Integer::sum);
      }
    }
    delete(run);
    Files.delete(trace);
    Map<String, Integer> busiest =
        byThread.values().stream()
            .max(Comparator.comparingInt(calls -> calls.getOrDefault("fdatasync", 0)))
            .orElseThrow();
    // A child that does not start makes no call that a fault could hit.
    assertThat(busiest).containsKeys("write", "fdatasync");
    return busiest;
  }

  private record Outcome(boolean hit, long quarantined, Ledger ledger) {}

  private void all(List<Callable<Outcome>> each) throws Exception {
    ExecutorService several = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (Future<Outcome> run : several.invokeAll(each)) {
        add(run.get());
      }
    } finally {
      several.shutdownNow();
    }
  }

  private void add(Outcome run) {
    runs++;
    hits += run.hit() ? 1 : 0;
    quarantined += run.quarantined();
    durable += run.ledger().durable();
    lost += run.ledger().durableLost();
    doubles += run.ledger().doubles();
    repeats += run.ledger().repeats();
  }

  private Outcome run(String call, String fault, int position, boolean delivers) throws Exception {
    Path run = Files.createTempDirectory(directory, "run");
    String inject = "inject=" + call + ":" + fault + ":when=" + position;
    List<String> options =
        new ArrayList<>(
            List.of("-o", run.resolve("trace").toString(), "-e", "trace=" + call, "-e", inject));
    if (fault.startsWith("error=")) {
      // Stops at these calls alone, which is quicker; signals would not be delivered with it.
      options.add("--seccomp-bpf");
    }
    Ledger ledger = child(run, options, delivers);
    boolean toldOfAnError = Files.readString(run.resolve("trace")).contains("INJECTED");
    Path log = run.resolve("log");
    boolean died = !Files.exists(log) || !Files.readString(log).contains("DONE");
    long quarantinedHere = Drain.all(run.resolve("journal"), ledger).quarantined();
    assertThat(ledger.durableLost()).as("%s, delivers=%s", inject, delivers).isZero();
    delete(run);
    return new Outcome(toldOfAnError || died, quarantinedHere, ledger);
  }

  /** Runs a child under strace and reads what it said. */
  private static Ledger child(Path run, List<String> options, boolean delivers) throws Exception {
    List<String> strace = new ArrayList<>(List.of("strace", "-f", "-qq"));
    strace.addAll(options);
    Path log = run.resolve("log");
    try (ChildJvm child =
        ChildJvm.start(
            strace,
            JournalChild.class,
            "dir=" + run.resolve("journal"),
            "log=" + log,
            "count=" + EVENTS,
            "segment=" + (16 << 10),
            "drain=" + delivers)) {
      child.readToEnd(line -> {});
      child.exitCode();
    }
    Ledger ledger = new Ledger();
    ChildJvm.readLog(log, ledger::line);
    return ledger;
  }

  private static SortedSet<Integer> spread(int calls, int wanted) {
    SortedSet<Integer> positions = new TreeSet<>();
    int many = Math.min(calls, wanted);
    for (int i = 0; i < many; i++) {
      positions.add(1 + (int) ((long) i * (calls - 1) / Math.max(1, many - 1)));
    }
    return positions;
  }

  private void prove(String fault, long startedNanos) {
    // Every position of every call is the size of a release.
    Proof.sized(PROOF, runs, positions)
        .with("fault", fault)
        .with("positions", positions)
        .with("runs", runs)
        .with("hit", hits)
        .with("durable", durable)
        .with("durable_lost", lost)
        .with("doubles", doubles)
        .with("repeats", repeats)
        .with("quarantined", quarantined)
        .with("ms", (System.nanoTime() - startedNanos) / 1_000_000)
        .print();
    assertThat(doubles).isZero();
    // Acknowledgements are written as they come: a run may have some calls less than the first.
    assertThat(hits).isGreaterThanOrEqualTo(runs * 8 / 10);
  }

  private static void requireStrace() throws Exception {
    Kernel.require(
        PROOF,
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=fsync",
        "true");
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
