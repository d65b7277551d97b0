package io.billingsdk.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy on the loopback address that can make the network fail between a client and a broker.
 * It begins with {@link #pass()}.
 *
 * <p>It knows nothing of what it forwards. Thread-safe; its threads are daemons.
 */
public final class FaultProxy implements AutoCloseable {

  private enum Mode {
    PASS,
    FREEZE,
    CUT
  }

  private final ServerSocket server;
  private final int targetPort;
  private final AtomicInteger attempts = new AtomicInteger();
  private final Set<ProxiedConnection> open = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();

  // Guarded by lock.
  private Mode mode = Mode.PASS;
  private long delayNanos;

  private FaultProxy(ServerSocket server, int targetPort) {
    this.server = server;
    this.targetPort = targetPort;
  }

  /** A proxy on a free port, which forwards to this port of 127.0.0.1. */
  public static FaultProxy to(int targetPort) {
    try {
      FaultProxy proxy =
          new FaultProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), targetPort);
      daemon("fault-proxy-accept", proxy::acceptAll);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy cannot listen", e);
    }
  }

  /** The port that clients connect to. */
  public int port() {
    return server.getLocalPort();
  }

  /** Forwards everything, also what was held by {@link #freeze()}, at once. */
  public void pass() {
    change(Mode.PASS, 0);
  }

  /** Forwards nothing and closes nothing: both sides see a half-open connection. */
  public void freeze() {
    change(Mode.FREEZE, 0);
  }

  /** Resets every connection, and each new one as soon as it is made. */
  public void cut() {
    change(Mode.CUT, 0);
    open.forEach(ProxiedConnection::reset);
  }

  /** Forwards each piece of data this much later, in each direction. */
  public void delay(Duration each) {
    if (each.isNegative()) {
      throw new IllegalArgumentException("each must not be negative, but is " + each);
    }
    change(Mode.PASS, each.toNanos());
  }

  /** How many connections were attempted until now, cut ones included. */
  public int connections() {
    return attempts.get();
  }

  /** Resets every connection and stops listening. */
  @Override
  public void close() {
    cut();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy cannot be closed", e);
    }
  }

  static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Called with each piece of data before it is forwarded: returns when it may be. */
  void awaitPermission() throws InterruptedException, IOException {
    synchronized (lock) {
      long due = System.nanoTime() + delayNanos;
      while (true) {
        long restNanos = due - System.nanoTime();
        if (mode == Mode.CUT) {
          throw new IOException("cut");
        } else if (mode == Mode.FREEZE) {
          lock.wait();
        } else if (restNanos > 0 && delayNanos > 0) {
          lock.wait(TimeUnit.NANOSECONDS.toMillis(restNanos) + 1);
        } else {
          return;
        }
      }
    }
  }

  void forget(ProxiedConnection connection) {
    open.remove(connection);
  }

  private void change(Mode next, long nextDelayNanos) {
    synchronized (lock) {
      mode = next;
      delayNanos = nextDelayNanos;
      lock.notifyAll();
    }
  }

  private boolean isCut() {
    synchronized (lock) {
      return mode == Mode.CUT;
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket client = server.accept();
        attempts.incrementAndGet();
        ProxiedConnection connection = new ProxiedConnection(this, client, targetPort);
        open.add(connection);
        // After it was added: a cut between the question and the addition would miss it.
        if (isCut()) {
          connection.reset();
        } else {
          daemon("fault-proxy-connect", connection::run);
        }
      }
    } catch (IOException e) {
      // The server socket was closed: the end of this proxy.
    }
  }
}
