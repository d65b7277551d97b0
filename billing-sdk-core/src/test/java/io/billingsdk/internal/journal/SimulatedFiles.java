package io.billingsdk.internal.journal;

import io.billingsdk.internal.journal.SimulatedDisk.Fault;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process's view of a {@link SimulatedDisk}: its locks end with it. */
final class SimulatedFiles implements JournalFiles {
  private final SimulatedDisk disk;
  private boolean dead;

  SimulatedFiles(SimulatedDisk disk) {
    this.disk = disk;
  }

  /** The process dies, and the machine does not. */
  void kill() {
    dead = true;
    disk.unlockAll(this);
  }

  private @Nullable Fault begin() {
    if (dead) {
      throw new SimulatedCrash();
    }
    return disk.begin();
  }

  private void beginOrFail() throws IOException {
    Fault fault = begin();
    if (fault != null && fault != Fault.SHORT_READ) {
      throw fault.exception();
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    beginOrFail();
    makeDirectories(directory);
    disk.end();
  }

  private void makeDirectories(Path directory) throws IOException {
    SimulatedFile there = disk.get(directory);
    if (there == SimulatedDisk.DIRECTORY || directory.getParent() == null) {
      return;
    }
    if (there != null) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    makeDirectories(directory.getParent());
    disk.change(directory, SimulatedDisk.DIRECTORY);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    beginOrFail();
    SimulatedFile there = disk.get(directory);
    if (there != null && there != SimulatedDisk.DIRECTORY) {
      throw new NotDirectoryException(directory.toString());
    }
    disk.end();
    return there == null ? List.of() : disk.list(directory);
  }

  @Override
  public Output create(Path file) throws IOException {
    beginOrFail();
    if (disk.get(file) != null) {
      throw new FileAlreadyExistsException(file.toString());
    }
    SimulatedFile created = new SimulatedFile();
    disk.change(inExistingDirectory(file), created);
    disk.end();
    return new SimulatedOutput(created);
  }

  @Override
  public Output append(Path file) throws IOException {
    beginOrFail();
    SimulatedFile opened = regular(file);
    if (opened == null) {
      opened = new SimulatedFile();
      disk.change(inExistingDirectory(file), opened);
    }
    disk.end();
    return new SimulatedOutput(opened);
  }

  @Override
  public Input open(Path file) throws IOException {
    beginOrFail();
    SimulatedFile opened = regular(file);
    if (opened == null) {
      throw new NoSuchFileException(file.toString());
    }
    disk.end();
    return new SimulatedInput(opened);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    beginOrFail();
    if (directory.getParent() != null && disk.get(directory) != SimulatedDisk.DIRECTORY) {
      throw new NoSuchFileException(directory.toString());
    }
    disk.forceDirectory(directory);
    disk.end();
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    beginOrFail();
    SimulatedFile moved = regular(from);
    if (moved == null) {
      throw new NoSuchFileException(from.toString());
    }
    regular(to);
    disk.move(from, inExistingDirectory(to), moved);
    disk.end();
  }

  @Override
  public void delete(Path file) throws IOException {
    beginOrFail();
    if (regular(file) != null) {
      disk.change(file, null);
    }
    disk.end();
  }

  /** No call: what is looked at each second would move the calls that tests make fail. */
  @Override
  public Object identity(Path path) throws IOException {
    Object there = disk.identity(path);
    if (there == null) {
      throw new NoSuchFileException(path.toString());
    }
    return there;
  }

  @Override
  public Object fileSystem(Path directory) {
    return disk.fileSystem();
  }

  @Override
  public boolean isWritable(Path directory) {
    return !disk.isReadOnly();
  }

  @Override
  public long usableBytes(Path directory) throws IOException {
    beginOrFail();
    disk.end();
    return disk.freeBytes();
  }

  @Override
  public @Nullable Closeable tryLock(Path file) throws IOException {
    beginOrFail();
    if (regular(file) == null) {
      disk.change(inExistingDirectory(file), new SimulatedFile());
    }
    boolean locked = disk.lock(file, this);
    disk.end();
    return locked ? () -> disk.unlock(file, this) : null;
  }

  private @Nullable SimulatedFile regular(Path file) throws IOException {
    SimulatedFile there = disk.get(file);
    if (there == SimulatedDisk.DIRECTORY) {
      throw new IOException(file + " is a directory");
    }
    return there;
  }

  private Path inExistingDirectory(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent == null || disk.get(parent) != SimulatedDisk.DIRECTORY) {
      throw new NoSuchFileException(file.toString());
    }
    return file;
  }

  /** A file that is written; a force of it can be begun and ended apart. */
  final class SimulatedOutput implements Output {
    private final SimulatedFile file;

    SimulatedOutput(SimulatedFile file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      Fault fault = begin();
      byte[] whole = new byte[bytes.remaining()];
      bytes.get(whole);
      long free = disk.freeBytes();
      boolean fails = fault == Fault.EIO || fault == Fault.ENOSPC || free < whole.length;
      if (fails || disk.crashing()) {
        int most = (int) Math.min(free, whole.length);
        int part = disk.random().nextInt(most + 1);
        if (part > 0) {
          file.append(java.util.Arrays.copyOf(whole, part));
        }
        disk.end();
        throw fault == null ? Fault.ENOSPC.exception() : fault.exception();
      }
      if (whole.length > 0) {
        file.append(whole);
      }
    }

    @Override
    public void force() throws IOException {
      force(file.changes());
    }

    /** How many changes a force would cover that is begun now. */
    long changes() {
      return file.changes();
    }

    /** Ends a force that was begun after so many changes: later ones it leaves as they are. */
    void force(long changes) throws IOException {
      Fault fault = disk.forceFails() ? Fault.EIO : begin();
      if (fault == Fault.EIO || fault == Fault.ENOSPC) {
        file.forget(disk.random());
        throw fault.exception();
      }
      file.force(changes);
      disk.end();
    }

    @Override
    public void truncate(long bytes) throws IOException {
      beginOrFail();
      file.truncate((int) bytes);
      disk.end();
    }

    @Override
    public void close() {}
  }

  private final class SimulatedInput implements Input {
    private final SimulatedFile file;

    SimulatedInput(SimulatedFile file) {
      this.file = file;
    }

    @Override
    public void read(ByteBuffer into, long position) throws IOException {
      Fault fault = begin();
      if (fault == Fault.EIO || fault == Fault.ENOSPC) {
        throw fault.exception();
      }
      int most = fault == null ? Integer.MAX_VALUE : disk.random().nextInt(into.remaining() + 1);
      file.read(into, position, most);
      disk.end();
    }

    @Override
    public long bytes() throws IOException {
      beginOrFail();
      disk.end();
      return file.bytes();
    }

    @Override
    public void close() {}
  }
}
