package io.billingsdk.system;

import java.util.Locale;

/** Something that a {@link Nemesis} kills with SIGKILL and starts again. */
interface Victim {

  /** SIGKILL; returns when it is dead. */
  void kill9() throws Exception;

  /** Starts it again; returns when it runs, which need not be when it is ready. */
  void restart() throws Exception;

  /** The kinds of victims. */
  enum Kind {
    CLIENT,
    BROKER,
    COLLECTOR,
    POSTGRES;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
