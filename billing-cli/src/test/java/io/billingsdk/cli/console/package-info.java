/** Tests of terminals, tables and logs. */
@NullMarked
package io.billingsdk.cli.console;

import org.jspecify.annotations.NullMarked;
