package io.billingsdk.cli.doctor;

import io.billingsdk.journal.JournalSegment;
import io.billingsdk.journal.JournalSlot;
import io.billingsdk.journal.StoredJournal;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The directory in which a service keeps what is not delivered. */
final class JournalCheck {
  private static final String DIRECTORY = "journal.directory";
  private static final String SPACE = "journal.space";
  private static final String SLOTS = "journal.slots";
  private static final long MEGABYTE = 1 << 20;

  private final Path directory;
  private final long minFreeBytes;

  JournalCheck(Path directory, long minFreeBytes) {
    this.directory = directory.toAbsolutePath().normalize();
    this.minFreeBytes = minFreeBytes;
  }

  /** Whether a living process uses it. */
  boolean check(Findings findings) {
    Path existing = directory;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    directory(findings, existing);
    space(findings, existing);
    if (!existing.equals(directory)) {
      findings.skipped(SLOTS, "there is no journal yet");
      return false;
    }
    try {
      return slots(findings, StoredJournal.in(directory).inspect());
    } catch (IOException unreadable) {
      findings.fail(SLOTS, "cannot be read: " + unreadable, "let this user read " + directory);
      return false;
    }
  }

  /** By doing it: permissions say nothing of a file system that is mounted read-only. */
  private void directory(Findings findings, Path existing) {
    if (!Files.isDirectory(existing)) {
      findings.fail(DIRECTORY, existing + " is not a directory", "set journalDirectory to one");
      return;
    }
    try {
      Files.delete(Files.createTempFile(existing, ".doctor", ""));
      findings.ok(
          DIRECTORY,
          existing.equals(directory)
              ? directory + " is there and can be written"
              : directory + " can be created in " + existing);
    } catch (IOException refused) {
      if (isFull(refused)) {
        findings.skipped(DIRECTORY, "its file system is full");
        return;
      }
      findings.fail(
          DIRECTORY,
          "nothing can be written in " + existing + ": " + refused.getMessage(),
          "let this user write there, or set journalDirectory to a place where it may");
    }
  }

  private void space(Findings findings, Path existing) {
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      String found = free / MEGABYTE + " MiB are free";
      if (free < minFreeBytes) {
        findings.fail(
            SPACE,
            found + "; events are rejected below " + minFreeBytes / MEGABYTE + " MiB",
            "make room on the file system of " + existing + ", or set journalDirectory elsewhere");
      } else {
        findings.ok(SPACE, found);
      }
    } catch (IOException unknown) {
      findings.fail(SPACE, "not known: " + unknown, "look at the file system of " + existing);
    }
  }

  private boolean slots(Findings findings, List<JournalSlot> slots) {
    long inUse = slots.stream().filter(JournalSlot::inUse).count();
    long left =
        slots.stream()
            .filter(slot -> !slot.inUse())
            .flatMap(slot -> slot.segments().stream())
            .mapToLong(JournalSegment::pending)
            .sum();
    long damaged =
        slots.stream()
            .mapToLong(
                slot ->
                    slot.quarantined()
                        + slot.deadLetters()
                        + (slot.notTrusted() == null ? 0 : 1)
                        + slot.segments().stream().mapToLong(JournalSegment::damaged).sum())
            .sum();
    String found = slots.size() + " slots, " + inUse + " of them in use";
    if (damaged > 0) {
      findings.warn(
          SLOTS,
          found + "; " + damaged + " damaged, refused or not used",
          "see billing journal inspect " + directory);
    } else if (left > 0) {
      findings.warn(
          SLOTS,
          found + "; " + left + " events of processes that are gone",
          "start the service, which delivers them, or: billing journal replay " + directory);
    } else {
      findings.ok(SLOTS, found);
    }
    return inUse > 0;
  }

  private static boolean isFull(IOException refused) {
    // The JDK has no type for it: the reason is the system's own text, apart from the file.
    return refused instanceof FileSystemException failed
        && "No space left on device".equals(failed.getReason());
  }
}
