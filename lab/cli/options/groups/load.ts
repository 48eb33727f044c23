import * as v from 'valibot'
import { Request } from '../../../model/request.ts'
import { type Group, number, numbers, present } from '../option.ts'

const { users, rates, boots, duration, interval, keepAlive, slowMs } = Request.entries

/** Boots of each cell, and seconds of reloads in each, where nothing else is asked for. */
export const FIXED = { boots: 2, duration: 4 }
/**
 * The same until sure. Most cells are decided after one boot, which takes 3 s beside its reloads: enough of them must fit in
 * to tell a case that loses nothing from one that loses at nearly every reload.
 */
export const UNTIL_SURE = { boots: 10, duration: 1.5 }

/** What connections there are, and how often the proxy reloads. */
export const LOAD = {
  title:
    "Load and reloads. With neither --users nor --rate each case is measured under two loads: saturated, the article's (a closed loop of 80 connections), and half (an open loop at half of what this kernel and proxy carry, which is found out first):",
  options: {
    users: {
      flag: 'users',
      value: 'N',
      list: true,
      schema: numbers(users.wrapped.item),
      help: 'closed loop: connections at a time; lists. Beside --rate one number: the most at a time, else 4000',
      notBesideExperiment: true,
      verbs: ['run', 'shell'],
    },
    rates: {
      flag: 'rate',
      value: 'R',
      list: true,
      schema: numbers(rates.wrapped.item),
      help: 'open loop: arrivals a second; lists',
      notBesideExperiment: true,
      verbs: ['run', 'shell'],
    },
    boots: {
      flag: 'boots',
      value: 'N',
      schema: v.optional(number(boots)),
      unset: `${FIXED.boots}; with --until-sure ${UNTIL_SURE.boots}`,
      help: 'boots of each cell, with --until-sure at most; no cell boots again before all have booted as often',
      verbs: ['run'],
    },
    untilSure: {
      flag: 'until-sure',
      schema: present,
      help: 'boot each cell only until its verdict is decided, looking after each of its short boots, at a level that allows for so many looks. What it is compared with boots along. --boots is the limit; noise and doubts end it, too',
      notBesideExperiment: true,
      verbs: ['run'],
    },
    duration: {
      flag: 'duration',
      value: 'S',
      schema: v.optional(number(duration)),
      unset: `${FIXED.duration}; with --until-sure ${UNTIL_SURE.duration}`,
      help: 'seconds of reloads in each boot',
      verbs: ['run'],
    },
    interval: {
      flag: 'interval',
      value: 'MS',
      schema: v.optional(number(interval), '100'),
      help: 'pause after each reload, in milliseconds, in an open loop (half, --rate) once the accept queues are short again; with the time that a reload takes it decides how many there are',
      notBesideExperiment: true,
      verbs: ['run'],
    },
    banner: {
      flag: 'banner',
      schema: present,
      help: 'the server speaks first, as in SMTP or SSH: the client sends its line only after the greeting. Unless --users or --rate says otherwise, 80 connections at a time',
      notBesideExperiment: true,
      verbs: ['run', 'shell'],
    },
    keepAlive: {
      flag: 'keep-alive',
      value: 'MS',
      schema: v.optional(v.nullable(number(keepAlive.wrapped)), null),
      help: 'connections are kept for up to 10 requests, with so many milliseconds between an answer and the next; half of them are POSTs. Unless --users or --rate says otherwise, 80 connections at a time',
      notBesideExperiment: true,
      verbs: ['run', 'shell'],
    },
    fusedAck: {
      flag: 'fused-ack',
      schema: present,
      help: "the request carries the handshake's ACK (the article's -F)",
      notBesideExperiment: true,
      verbs: ['run', 'shell'],
    },
    closeWithRst: {
      flag: 'close-with-rst',
      schema: present,
      help: "the client closes with a RST (the article's -c)",
      notBesideExperiment: true,
      verbs: ['run', 'shell'],
    },
    slowMs: {
      flag: 'slow',
      value: 'MS',
      schema: v.optional(number(slowMs), '200'),
      help: 'a connection that takes so many milliseconds or more is slow',
      verbs: ['run', 'shell'],
    },
  },
} as const satisfies Group
