package io.billingsdk.internal.journal;

import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Makes the files of format version 1 that are kept as test data: run {@link #main} with their
 * directory. They must never be made anew for a version that was released.
 */
final class GoldenFiles {
  static final UUID SEALED = UUID.fromString("11111111-1111-4111-8111-111111111111");
  static final UUID UNSEALED = UUID.fromString("22222222-2222-4222-8222-222222222222");

  private GoldenFiles() {}

  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of(args[0]));
    for (Map.Entry<String, byte[]> file : make().entrySet()) {
      Files.write(directory.resolve(file.getKey()), file.getValue());
    }
  }

  static byte[] body(int seq) {
    return ("golden body %d".formatted(seq) + "x".repeat(seq)).getBytes(StandardCharsets.UTF_8);
  }

  /** By name: a sealed segment of three records, its second settled; and one that was not ended. */
  static Map<String, byte[]> make() throws IOException {
    SimulatedDisk disk = new SimulatedDisk(new Random(1));
    SimulatedProcess first = open(disk, SEALED);
    append(first, 3);
    first.next();
    JournalRecord second = first.next();
    if (second == null) {
      throw new IllegalStateException("a record was expected");
    }
    first.acknowledge(second);
    first.close();
    append(open(disk, UNSEALED), 2);
    Map<String, byte[]> files = new TreeMap<>();
    for (String end : new String[] {".wal", ".ack"}) {
      for (String path : disk.paths(end)) {
        files.put(path.substring(path.lastIndexOf('/') + 1), disk.content(path));
      }
    }
    return files;
  }

  private static SimulatedProcess open(SimulatedDisk disk, UUID stream) throws IOException {
    SimulatedFiles files = new SimulatedFiles(disk);
    SimulatedProcess process =
        new SimulatedProcess(files, files, stream, Recovery.OPTIONS, new ManualClock());
    process.open();
    return process;
  }

  private static void append(SimulatedProcess process, int records) {
    for (int seq = 1; seq <= records; seq++) {
      if (!(process.append(body(seq), null) instanceof EventJournal.Appended)) {
        throw new IllegalStateException("not taken");
      }
    }
    process.settleDown();
  }
}
