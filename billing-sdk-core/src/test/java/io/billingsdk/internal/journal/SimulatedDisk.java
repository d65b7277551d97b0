package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The disk of a simulated machine. It keeps what is durable apart from what is only in memory: of
 * each file its bytes, until the file is forced, and of each directory the names that were added to
 * it and taken from it, until the directory is forced.
 *
 * <p>Everything random comes from one seed. Processes use it through {@link SimulatedFiles}.
 */
final class SimulatedDisk {
  /** What goes wrong at a call. */
  enum Fault {
    /** The device fails; a failed force loses the bytes and says so only once. */
    EIO("Input/output error"),
    /** No space is left; a write writes a part. */
    ENOSPC("No space left on device"),
    /** A read gives less than is there. */
    SHORT_READ("");

    private final String message;

    Fault(String message) {
      this.message = message;
    }

    IOException exception() {
      return new IOException(message);
    }
  }

  /** In place of the content of a directory. */
  static final SimulatedFile DIRECTORY = new SimulatedFile();

  private final Random random;
  private final TreeMap<String, SimulatedFile> now = new TreeMap<>();
  private final TreeMap<String, SimulatedFile> safe = new TreeMap<>();
  private final Map<String, List<DiskEntry>> pending = new LinkedHashMap<>();
  private final Map<Long, Fault> faults = new HashMap<>();
  private final Map<String, SimulatedFiles> locks = new HashMap<>();
  private final java.util.Set<Long> failingForces = new java.util.HashSet<>();
  private long forces;
  private long calls;
  private long crashAt = Long.MAX_VALUE;
  private long faultsHit;
  private boolean crashing;
  private boolean crashed;
  private long capacity = Long.MAX_VALUE;
  private Object fileSystem = new Object();
  private boolean readOnly;

  /** A name that was given to a file, or taken from it; with one that it had before, if any. */
  private record DiskEntry(String path, @Nullable SimulatedFile file, @Nullable String before) {}

  SimulatedDisk(Random random) {
    this.random = random;
  }

  Random random() {
    return random;
  }

  // What happens to it.

  long calls() {
    return calls;
  }

  /** The machine crashes during the call with this number, counted from the first; 1 and up. */
  void crashAt(long call) {
    crashAt = call;
  }

  /** Calls that have failed so far as they were to. */
  long faultsHit() {
    return faultsHit;
  }

  void failAt(long call, Fault fault) {
    faults.put(call, fault);
  }

  /** Of the forces of files that come, those with these numbers fail; 1 is the next. */
  void failForces(int... upcoming) {
    for (int number : upcoming) {
      failingForces.add(forces + number);
    }
  }

  boolean forceFails() {
    return failingForces.remove(++forces);
  }

  /** The bytes that fit into all files together. */
  void setCapacity(long bytes) {
    capacity = bytes;
  }

  long freeBytes() {
    return capacity == Long.MAX_VALUE ? capacity : Math.max(0, capacity - usedBytes());
  }

  /** Somebody else takes all the space that is left. */
  void fill() {
    capacity = usedBytes();
  }

  private long usedBytes() {
    return now.values().stream().mapToLong(SimulatedFile::bytes).sum();
  }

  /** A disk as a power cut leaves this one; everything on it is durable. */
  SimulatedDisk afterPowerCut() {
    for (List<DiskEntry> entries : pending.values()) {
      int first = random.nextInt(entries.size() + 1);
      int mode = random.nextInt(4);
      for (int i = 0; i < entries.size(); i++) {
        boolean kept =
            switch (mode) {
              case 0 -> false;
              case 1 -> true;
              case 2 -> i < first;
              default -> random.nextBoolean();
            };
        if (kept) {
          set(safe, entries.get(i));
        }
      }
    }
    return copyOf(safe, file -> file.afterPowerCut(random));
  }

  /** A disk as the death of the processes leaves this one: nothing that was written is gone. */
  SimulatedDisk afterKill() {
    return copyOf(now, file -> new SimulatedFile(file.content()));
  }

  private SimulatedDisk copyOf(
      Map<String, SimulatedFile> names, java.util.function.UnaryOperator<SimulatedFile> content) {
    SimulatedDisk copy = new SimulatedDisk(random);
    IdentityHashMap<SimulatedFile, SimulatedFile> copies = new IdentityHashMap<>();
    copies.put(DIRECTORY, DIRECTORY);
    for (Map.Entry<String, SimulatedFile> name : names.entrySet()) {
      String parent = parentOf(name.getKey());
      // A directory whose name is lost takes along all that is in it.
      if (parent.equals("/") || copy.now.containsKey(parent)) {
        SimulatedFile file = copies.computeIfAbsent(name.getValue(), content);
        copy.now.put(name.getKey(), file);
        copy.safe.put(name.getKey(), file);
      }
    }
    return copy;
  }

  // What tests see and do, which is no call.

  /** Files of which the path ends so. */
  List<String> paths(String end) {
    return now.keySet().stream().filter(path -> path.endsWith(end)).toList();
  }

  byte[] content(String path) {
    return file(path).content();
  }

  SimulatedFile file(String path) {
    return Objects.requireNonNull(now.get(path), path);
  }

  /** Puts a durable file there, and the directories that it needs. */
  void put(String path, byte[] content) {
    putDirectory(parentOf(path));
    SimulatedFile file = new SimulatedFile(content);
    now.put(path, file);
    safe.put(path, file);
  }

  void putDirectory(String path) {
    if (!path.equals("/")) {
      putDirectory(parentOf(path));
      now.put(path, DIRECTORY);
      safe.put(path, DIRECTORY);
    }
  }

  /** Somebody removes a file, or a directory with all that is in it. */
  void remove(String path) {
    now.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
    safe.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
    pending.keySet().removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
    locks.keySet().removeIf(each -> each.startsWith(path + "/"));
  }

  /** Somebody gives a directory another name; what is open stays open. */
  void rename(String from, String to) {
    for (Map<String, SimulatedFile> names : List.of(now, safe)) {
      for (String path : List.copyOf(names.keySet())) {
        if (path.equals(from) || path.startsWith(from + "/")) {
          SimulatedFile file = Objects.requireNonNull(names.remove(path));
          names.put(to + path.substring(from.length()), file);
        }
      }
    }
    pending.keySet().removeIf(each -> each.equals(from) || each.startsWith(from + "/"));
    for (String path : List.copyOf(locks.keySet())) {
      if (path.startsWith(from + "/")) {
        locks.put(to + path.substring(from.length()), Objects.requireNonNull(locks.remove(path)));
      }
    }
  }

  /** Another file system is there, as when this one is unmounted. */
  void mountAnother() {
    fileSystem = new Object();
  }

  Object fileSystem() {
    return fileSystem;
  }

  void readOnly(boolean now) {
    readOnly = now;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  /** Of directories only the name: none is put in the place of another in a simulation. */
  @Nullable Object identity(Path path) {
    SimulatedFile file = now.get(path.toString());
    return file == DIRECTORY ? path.toString() : file;
  }

  // For the processes.

  /** Every call begins here. */
  @Nullable Fault begin() {
    if (crashed) {
      throw new SimulatedCrash();
    }
    calls++;
    if (calls == crashAt) {
      crashing = true;
      if (random.nextBoolean()) {
        end();
      }
    }
    Fault fault = faults.isEmpty() ? null : faults.remove(calls);
    faultsHit += fault == null ? 0 : 1;
    return fault;
  }

  /** Every call that did something ends here. */
  void end() {
    if (crashing) {
      crashed = true;
      throw new SimulatedCrash();
    }
  }

  boolean crashing() {
    return crashing;
  }

  @Nullable SimulatedFile get(Path path) {
    return now.get(path.toString());
  }

  void change(Path path, @Nullable SimulatedFile file) {
    DiskEntry entry = new DiskEntry(path.toString(), file, null);
    set(now, entry);
    pendingOf(entry.path).add(entry);
  }

  /** Both names change at once; whichever of the directories is forced, both are safe. */
  void move(Path from, Path to, SimulatedFile file) {
    DiskEntry entry = new DiskEntry(to.toString(), file, from.toString());
    set(now, entry);
    pendingOf(entry.path).add(entry);
    if (!parentOf(from.toString()).equals(parentOf(entry.path))) {
      pendingOf(from.toString()).add(entry);
    }
  }

  private List<DiskEntry> pendingOf(String path) {
    return pending.computeIfAbsent(parentOf(path), parent -> new ArrayList<>());
  }

  void forceDirectory(Path path) {
    List<DiskEntry> entries = pending.remove(path.toString());
    if (entries != null) {
      entries.forEach(entry -> set(safe, entry));
      // Forced in one directory, it is not pending in the other.
      pending
          .values()
          .forEach(others -> others.removeIf(e -> e.before != null && entries.contains(e)));
    }
  }

  List<String> list(Path directory) {
    String prefix = directory + "/";
    List<String> names = new ArrayList<>();
    for (String path : now.tailMap(prefix).keySet()) {
      if (!path.startsWith(prefix)) {
        break;
      }
      String name = path.substring(prefix.length());
      if (name.indexOf('/') < 0) {
        names.add(name);
      }
    }
    return names;
  }

  boolean lock(Path path, SimulatedFiles owner) {
    return locks.putIfAbsent(path.toString(), owner) == null;
  }

  void unlock(Path path, SimulatedFiles owner) {
    locks.remove(path.toString(), owner);
  }

  void unlockAll(SimulatedFiles owner) {
    locks.values().removeIf(holder -> holder == owner);
  }

  private static void set(Map<String, SimulatedFile> names, DiskEntry entry) {
    if (entry.before != null) {
      names.remove(entry.before);
    }
    if (entry.file == null) {
      names.remove(entry.path);
    } else {
      names.put(entry.path, entry.file);
    }
  }

  static String parentOf(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
