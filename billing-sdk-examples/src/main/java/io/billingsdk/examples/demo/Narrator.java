package io.billingsdk.examples.demo;

import java.io.PrintWriter;
import java.util.Locale;

/** Tells what happens, as it happens: one line each, with the time since the beginning. */
public final class Narrator {
  private final PrintWriter out;
  private final boolean coloured;
  private final long startNanos = System.nanoTime();
  private volatile boolean muted;

  /**
   * A narrator that begins now.
   *
   * @param out where to; flushed after each line
   * @param coloured whether {@code out} is a terminal that may be sent colours
   */
  public Narrator(PrintWriter out, boolean coloured) {
    this.out = out;
    this.coloured = coloured;
  }

  /** Who speaks. */
  public enum Voice {
    DEMO("37"),
    BROKER("35"),
    BILLING("33"),
    GATEWAY("36"),
    CLIENT("32");

    private final String colour;

    Voice(String colour) {
      this.colour = colour;
    }
  }

  /** Says nothing from now on. */
  public void mute() {
    muted = true;
  }

  /** Says one line. */
  public void say(Voice voice, String format, Object... values) {
    if (muted) {
      return;
    }
    String name = String.format(Locale.ROOT, "%-8s", voice.name().toLowerCase(Locale.ROOT));
    String shown = coloured ? "\u001b[" + voice.colour + "m" + name + "\u001b[0m" : name;
    String text = String.format(Locale.ROOT, format, values);
    // One call: lines come from several threads.
    out.printf(Locale.ROOT, "%5.1fs  %s %s%n", seconds(), shown, text);
    out.flush();
  }

  /** Seconds since the beginning. */
  public double seconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
