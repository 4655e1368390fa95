import type { Headless } from '../headless.js'

const ALWAYS = ['--skip-trust', '--yolo']
const SETTINGS = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  privacy: { usageStatisticsEnabled: false },
}

/** Gemini CLI, which ends in a fresh home unless a way to log in is chosen. */
export const geminiHeadless: Headless = {
  first: ALWAYS,
  again: [...ALWAYS, '--resume', 'latest'],
  home: { '.gemini/settings.json': JSON.stringify(SETTINGS) },
  env: {},
}
