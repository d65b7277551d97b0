package io.billingsdk.internal.link;

import io.billingsdk.internal.LoggerNames;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Slf4JLoggerFactory;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLoggerFactory;

/**
 * Keeps Netty from telling the host's log what it does on this library's threads: some forty lines
 * at DEBUG, where Logback is when nothing is configured. What fails there is in the client's state
 * and in one line of its own. On other threads Netty logs as before; with the logger of the
 * connection at TRACE it does so on ours, too.
 */
final class NettyLogs {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CONNECTION);
  private static final Set<String> TALK = Set.of("trace", "debug", "info");
  private static final Set<String> ASKED =
      Set.of("isTraceEnabled", "isDebugEnabled", "isInfoEnabled");
  private static final String OUR_THREADS = "billing-";

  private static boolean prepared;

  private NettyLogs() {}

  /** To be called before Netty is used. Does it once. */
  static synchronized void prepare() {
    if (prepared) {
      return;
    }
    prepared = true;
    if (InternalLoggerFactory.class.getClassLoader() != NettyLogs.class.getClassLoader()) {
      return; // In a loader above ours, it would hold on to ours.
    }
    try {
      InternalLoggerFactory present = present();
      Method make = InternalLoggerFactory.class.getDeclaredMethod("newInstance", String.class);
      make.setAccessible(true);
      InternalLoggerFactory.setDefaultFactory(new Filtering(present, make));
    } catch (ReflectiveOperationException | RuntimeException unchanged) {
      log.trace("Netty's loggers stay as they are", unchanged);
    }
  }

  /** Asked for it, Netty makes one, and tells the log which it has made. */
  private static InternalLoggerFactory present() throws ReflectiveOperationException {
    Field field = InternalLoggerFactory.class.getDeclaredField("defaultFactory");
    field.setAccessible(true);
    boolean isMade = field.get(null) != null;
    boolean isSlf4j = !(LoggerFactory.getILoggerFactory() instanceof NOPLoggerFactory);
    return !isMade && isSlf4j
        ? Slf4JLoggerFactory.INSTANCE
        : InternalLoggerFactory.getDefaultFactory();
  }

  private static final class Filtering extends InternalLoggerFactory {
    private final InternalLoggerFactory present;
    private final Method make;

    Filtering(InternalLoggerFactory present, Method make) {
      this.present = present;
      this.make = make;
    }

    @Override
    protected InternalLogger newInstance(String name) {
      try {
        InternalLogger made = (InternalLogger) make.invoke(present, name);
        return (InternalLogger)
            Proxy.newProxyInstance(
                NettyLogs.class.getClassLoader(),
                new Class<?>[] {InternalLogger.class},
                new Filter(made));
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  private record Filter(InternalLogger made) implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      if (isOurs() && !log.isTraceEnabled()) {
        if (TALK.contains(method.getName())) {
          return null;
        }
        if (ASKED.contains(method.getName())) {
          return false;
        }
      }
      try {
        return method.invoke(made, arguments);
      } catch (InvocationTargetException failed) {
        throw failed.getCause();
      }
    }

    private static boolean isOurs() {
      return Thread.currentThread().getName().startsWith(OUR_THREADS);
    }
  }
}
