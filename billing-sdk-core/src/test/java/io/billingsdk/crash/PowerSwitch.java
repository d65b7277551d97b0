package io.billingsdk.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Ready to stop an ext4 file system at once, as if its machine had lost its power. */
final class PowerSwitch implements AutoCloseable {
  /** {@code EXT4_IOC_SHUTDOWN}, _IOR('X', 125, __u32); 2 is {@code NOLOGFLUSH}. */
  private static final String PROGRAM =
      "import fcntl,os,struct,sys;"
          + "d=os.open(sys.argv[1],os.O_RDONLY);"
          + "print('ready',flush=True);"
          + "sys.stdin.readline();"
          + "fcntl.ioctl(d,0x8004587d,struct.pack('I',2));"
          + "print('cut',flush=True)";

  private final Process process;

  PowerSwitch(Path mountPoint) throws IOException {
    process =
        new ProcessBuilder("python3", "-c", PROGRAM, mountPoint.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    expect("ready\n");
  }

  /** Returns when the file system has stopped. */
  void cut() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    expect("cut\n");
  }

  private void expect(String answer) throws IOException {
    byte[] bytes = process.getInputStream().readNBytes(answer.length());
    if (!new String(bytes, StandardCharsets.UTF_8).equals(answer)) {
      throw new IOException("the power switch does not work");
    }
  }

  /** It has the file system open: it must be gone before the unmounting. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
  }
}
