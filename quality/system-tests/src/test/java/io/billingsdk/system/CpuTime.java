package io.billingsdk.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Processor time of processes, as Linux accounts for it: in hundredths of a second. */
final class CpuTime {
  private static final long MICROS_PER_TICK = 10_000;
  private static final Path PROCESSES = Path.of("/proc");

  // Of /proc/PID/stat, counted from behind the name, which may hold anything.
  private static final int PARENT = 1;
  private static final int OWN = 11;
  private static final int OF_ENDED_CHILDREN = 13;

  private CpuTime() {}

  static boolean isKnown() {
    return Files.exists(PROCESSES.resolve("self/stat"));
  }

  /** Of one process, in microseconds. */
  static long ofProcess(long pid) {
    return ticks(stat(pid), OWN) * MICROS_PER_TICK;
  }

  /** Of a process and its children, those that have ended too, in microseconds. */
  static long ofFamily(long pid) {
    String[] parent = stat(pid);
    long ticks = ticks(parent, OWN) + ticks(parent, OF_ENDED_CHILDREN);
    try (Stream<Path> processes = Files.list(PROCESSES)) {
      for (Path process : processes.filter(each -> isNumber(each)).toList()) {
        String[] stat = stat(Long.parseLong(process.getFileName().toString()));
        if (stat.length > PARENT && stat[PARENT].equals(Long.toString(pid))) {
          ticks += ticks(stat, OWN);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return ticks * MICROS_PER_TICK;
  }

  private static boolean isNumber(Path process) {
    return process.getFileName().toString().chars().allMatch(Character::isDigit);
  }

  /** User and system time, which follow each other. */
  private static long ticks(String[] stat, int user) {
    return stat.length <= user + 1
        ? 0
        : Long.parseLong(stat[user]) + Long.parseLong(stat[user + 1]);
  }

  private static String[] stat(long pid) {
    try {
      String line = Files.readString(PROCESSES.resolve(pid + "/stat"));
      return line.substring(line.lastIndexOf(')') + 2).trim().split(" ", -1);
    } catch (NoSuchFileException ended) {
      return new String[0];
    } catch (IOException ended) {
      return new String[0];
    }
  }
}
