/**
 * The commands of an operator on the machine of a server: they call services of the server, and
 * hold no SQL. Each is shown by its help.
 */
@NullMarked
package io.billingsdk.cli.operator;

import org.jspecify.annotations.NullMarked;
