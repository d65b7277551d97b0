/** For all commands: terminals, tables, options that are read, and logs on stderr. */
@NullMarked
package io.billingsdk.cli.console;

import org.jspecify.annotations.NullMarked;
